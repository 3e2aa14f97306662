import { file_google_protobuf_struct } from '@bufbuild/protobuf/wkt';
import { defineProto } from '../../shared/grpc/define-proto.ts';
import { httpBody } from './http-body.ts';

const VALUE = 'google.protobuf.Value';
const HTTP_BODY = 'google.api.HttpBody';

/**
 * Messages of the prediction service. Source: `google/cloud/aiplatform/v1/prediction_service.proto` and `types.proto` in
 * @google-cloud/aiplatform 7.4.
 */
export const prediction = defineProto({
  path: 'google/cloud/aiplatform/v1/prediction_service.proto',
  package: 'google.cloud.aiplatform.v1',
  imports: [file_google_protobuf_struct, httpBody.file],
  messages: {
    PredictRequest: {
      endpoint: [1, 'string'],
      instances: [2, `repeated ${VALUE}`],
      parameters: [3, VALUE],
      labels: [4, 'map<string, string>'],
    },
    PredictResponse: {
      predictions: [1, `repeated ${VALUE}`],
      deployed_model_id: [2, 'string'],
      model: [3, 'string'],
      model_display_name: [4, 'string'],
      model_version_id: [5, 'string'],
      metadata: [6, VALUE],
    },
    RawPredictRequest: { endpoint: [1, 'string'], http_body: [2, HTTP_BODY] },
    StreamRawPredictRequest: { endpoint: [1, 'string'], http_body: [2, HTTP_BODY] },
    StreamingPredictRequest: { endpoint: [1, 'string'], inputs: [2, 'repeated Tensor'], parameters: [3, 'Tensor'] },
    StreamingPredictResponse: { outputs: [1, 'repeated Tensor'], parameters: [2, 'Tensor'] },
    Tensor: {
      dtype: [1, 'TensorDataType'],
      shape: [2, 'repeated int64'],
      bool_val: [3, 'repeated bool'],
      string_val: [14, 'repeated string'],
      bytes_val: [15, 'repeated bytes'],
      float_val: [5, 'repeated float'],
      double_val: [6, 'repeated double'],
      int_val: [7, 'repeated int32'],
      int64_val: [8, 'repeated int64'],
      uint_val: [9, 'repeated uint32'],
      uint64_val: [10, 'repeated uint64'],
      list_val: [11, 'repeated Tensor'],
      struct_val: [12, 'map<string, Tensor>'],
      tensor_val: [13, 'bytes'],
    },
  },
  // `Tensor.DataType` at Google: the enumeration's own name is not on the wire.
  enums: {
    TensorDataType: {
      DATA_TYPE_UNSPECIFIED: 0,
      BOOL: 1,
      STRING: 2,
      FLOAT: 3,
      DOUBLE: 4,
      INT8: 5,
      INT16: 6,
      INT32: 7,
      INT64: 8,
      UINT8: 9,
      UINT16: 10,
      UINT32: 11,
      UINT64: 12,
    },
  },
});
