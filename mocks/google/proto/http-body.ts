import { file_google_protobuf_any } from '@bufbuild/protobuf/wkt';
import { defineProto } from '../../shared/grpc/define-proto.ts';

/** `google.api.HttpBody`, a payload with its type. Source: googleapis `google/api/httpbody.proto`. */
export const httpBody = defineProto({
  path: 'google/api/httpbody.proto',
  package: 'google.api',
  imports: [file_google_protobuf_any],
  messages: {
    HttpBody: { content_type: [1, 'string'], data: [2, 'bytes'], extensions: [3, 'repeated google.protobuf.Any'] },
  },
});
