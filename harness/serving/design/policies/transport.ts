import { durationMs, flag } from '../field.ts';
import { definePolicy } from '../policy.ts';

export const transport = definePolicy({
  summary: 'Speaks TLS on every link, and believes the authority of the stack alone.',
  isOn: false,
  settings: {
    mutual: flag(true, 'Callers prove themselves by a certificate too, and whoever has none is not let in.'),
    certificateMs: durationMs(3_600_000, "How long a part's certificate is good for; it is renewed at half of that."),
  },
});
