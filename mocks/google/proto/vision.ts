import { defineProto } from '../../shared/grpc/define-proto.ts';
import { status } from './status.ts';

/**
 * Messages of the Cloud Vision API, as far as labels need them.
 * Source: `google/cloud/vision/v1/image_annotator.proto` in @google-cloud/vision 6.1.
 */
export const vision = defineProto({
  path: 'google/cloud/vision/v1/image_annotator.proto',
  package: 'google.cloud.vision.v1',
  imports: [status.file],
  messages: {
    BatchAnnotateImagesRequest: {
      requests: [1, 'repeated AnnotateImageRequest'],
      parent: [4, 'string'],
      labels: [5, 'map<string, string>'],
    },
    BatchAnnotateImagesResponse: { responses: [1, 'repeated AnnotateImageResponse'] },
    AnnotateImageRequest: { image: [1, 'Image'], features: [2, 'repeated Feature'], image_context: [3, 'ImageContext'] },
    AnnotateImageResponse: { label_annotations: [4, 'repeated EntityAnnotation'], error: [9, 'google.rpc.Status'] },
    EntityAnnotation: {
      mid: [1, 'string'],
      locale: [2, 'string'],
      description: [3, 'string'],
      score: [4, 'float'],
      confidence: [5, 'float'],
      topicality: [6, 'float'],
    },
    Image: { content: [1, 'bytes'], source: [2, 'ImageSource'] },
    ImageSource: { gcs_image_uri: [1, 'string'], image_uri: [2, 'string'] },
    Feature: { type: [1, 'FeatureType'], max_results: [2, 'int32'], model: [3, 'string'] },
    ImageContext: {
      lat_long_rect: [1, 'LatLongRect'],
      language_hints: [2, 'repeated string'],
      crop_hints_params: [4, 'CropHintsParams'],
      web_detection_params: [6, 'WebDetectionParams'],
      text_detection_params: [12, 'TextDetectionParams'],
    },
    LatLongRect: { min_lat_lng: [1, 'LatLng'], max_lat_lng: [2, 'LatLng'] },
    LatLng: { latitude: [1, 'double'], longitude: [2, 'double'] },
    CropHintsParams: { aspect_ratios: [1, 'repeated float'] },
    WebDetectionParams: { include_geo_results: [2, 'bool'] },
    TextDetectionParams: {
      enable_text_detection_confidence_score: [9, 'bool'],
      advanced_ocr_options: [11, 'repeated string'],
    },
  },
  // `Feature.Type` at Google: the enumeration's own name is not on the wire.
  enums: {
    FeatureType: {
      TYPE_UNSPECIFIED: 0,
      FACE_DETECTION: 1,
      LANDMARK_DETECTION: 2,
      LOGO_DETECTION: 3,
      LABEL_DETECTION: 4,
      TEXT_DETECTION: 5,
      SAFE_SEARCH_DETECTION: 6,
      IMAGE_PROPERTIES: 7,
      CROP_HINTS: 9,
      WEB_DETECTION: 10,
      DOCUMENT_TEXT_DETECTION: 11,
      PRODUCT_SEARCH: 12,
      OBJECT_LOCALIZATION: 19,
    },
  },
});
