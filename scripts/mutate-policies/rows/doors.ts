import type { Mutation } from '../mutation.ts';
import { rowsOf } from './row.ts';

const grpc = (part: string) => rowsOf(`gRPC: ${part}`, 'harness/serving/doors/grpc.ts');
const graphql = (part: string) => rowsOf(`GraphQL: ${part}`, 'harness/serving/graphql/graphql-door.ts');
const STATUS = 'new GrpcFailure(FAILURES[kind].grpc, message)';

const predictions = (part: string) => rowsOf(`GraphQL: ${part}`, 'harness/serving/graphql/predictions.ts');

export const doorRows: readonly Mutation[] = [
  grpc('deadline')(
    'grpc-timeout-unread',
    'Math.min(caller.deadlineMs, deadlineMs - elapsedMs)',
    'caller.deadlineMs',
    'The deadline of a call is not heard.',
    'grpc-callers',
  ),
  grpc('deadline')(
    'grpc-timeout-cut',
    'Math.min(caller.deadlineMs, deadlineMs - elapsedMs)',
    'Math.min(caller.deadlineMs, (deadlineMs - elapsedMs) / 10)',
    'A call has a tenth of its time.',
    'grpc-callers',
  ),
  grpc('caller')(
    'grpc-metadata-unread',
    'readCaller((name) => metadata[name] ?? null)',
    'readCaller(() => null)',
    'Tenant and priority in metadata are not heard.',
    'grpc-callers',
  ),
  grpc('marks')(
    'grpc-unmarked',
    'call.sendMetadata(marksOf(answer));',
    '',
    'A degraded answer has no metadata that says so.',
    'grpc-callers',
  ),
  grpc('status')('grpc-status-ok', STATUS, 'new GrpcFailure(0, message)', 'A failure has the status OK.', 'grpc-callers'),
  grpc('status')(
    'grpc-status-internal',
    STATUS,
    'new GrpcFailure(CODES.INTERNAL, message)',
    'Each failure has the status INTERNAL.',
    'grpc-callers',
  ),
  graphql('marks')(
    'graphql-unmarked',
    'squall: { servedBy, degraded, modelVersion',
    'squall: { servedBy, degraded: null, modelVersion',
    'A degraded answer has no extension that says so.',
    'graphql-callers',
  ),
  graphql('caller')(
    'graphql-caller-unread',
    'callerOf(context), context.request.signal',
    "{ deadlineMs: Number.POSITIVE_INFINITY, tenant: '', priority: 'default' }, context.request.signal",
    'Deadline, tenant and priority of a query are not heard.',
    'graphql-callers',
  ),
  graphql('caller')(
    'graphql-extensions-unread',
    'const said = squall?.[',
    'const said = ({} as Record<string, unknown>)?.[',
    'What an operation says of its caller in its extensions is not heard.',
    'graphql-callers',
  ),
  predictions('batch')(
    'graphql-unbatched',
    'maxBatchSize: MAX_ROWS',
    'maxBatchSize: 1',
    'Each image of an operation is a call of its own.',
    'graphql-batches',
  ),
  predictions('partial errors')(
    'graphql-all-or-nothing',
    'if (rows.length === 0)',
    'if (rows.length < images.length)',
    'Where one image is bad, none is predicted.',
    'graphql-batches',
  ),
  predictions('partial errors')(
    'graphql-bad-image-taken',
    'length === CHECK_ROW.length ? undefined',
    'length > 0 ? undefined',
    'What is no image is sent to the model with the others.',
    'graphql-batches',
  ),
  predictions('batch')(
    'graphql-predictions-mixed',
    'next += 1;',
    '',
    'Each image of an operation gets the prediction of the first.',
    'graphql-batches',
  ),
];
