import { createRegistry } from '@bufbuild/protobuf';
import { file_google_protobuf_any } from '@bufbuild/protobuf/wkt';
import { defineProto } from '../../shared/grpc/define-proto.ts';

/** `google.rpc.Status`, by which gRPC says what REST says in `error`. Source: googleapis `google/rpc/status.proto`. */
export const status = defineProto({
  path: 'google/rpc/status.proto',
  package: 'google.rpc',
  imports: [file_google_protobuf_any],
  messages: { Status: { code: [1, 'int32'], message: [2, 'string'], details: [3, 'repeated google.protobuf.Any'] } },
});

/** The messages that `details` holds. Source: googleapis `google/rpc/error_details.proto`. */
const errorDetails = defineProto({
  path: 'google/rpc/error_details.proto',
  package: 'google.rpc',
  imports: [],
  messages: {
    ErrorInfo: { reason: [1, 'string'], domain: [2, 'string'], metadata: [3, 'map<string, string>'] },
    BadRequest: { field_violations: [1, 'repeated FieldViolation'] },
    Help: { links: [1, 'repeated Link'] },
    // Nested in `BadRequest` and in `Help` at Google: the names are not on the wire.
    FieldViolation: { field: [1, 'string'], description: [2, 'string'] },
    Link: { description: [1, 'string'], url: [2, 'string'] },
  },
});

/** What unpacks and packs `details`. */
export const detailTypes = createRegistry(errorDetails.file);
