import { type ErrorDetail, errorInfo, errorResponse } from './errors.ts';

/** A request quota of a Google API. */
export interface RateQuota {
  /** E.g. `aiplatform.googleapis.com`. */
  readonly service: string;
  /** In words, e.g. `Online prediction requests`. */
  readonly metricTitle: string;
  /** In words, e.g. `Online prediction requests per minute per region`. */
  readonly limitTitle: string;
  /** Name of the metric under the service, e.g. `online_prediction_requests`. */
  readonly metric: string;
  /** Name of the limit, e.g. `OnlinePredictionRequestsPerMinutePerProjectPerRegion`. */
  readonly limit: string;
  /** A region, or `global`. */
  readonly location: string;
}

export const rateMessage = (projectNumber: string, { metricTitle, limitTitle, service }: RateQuota): string =>
  `Quota exceeded for quota metric '${metricTitle}' and limit '${limitTitle}' of service '${service}' ` +
  `for consumer 'project_number:${projectNumber}'.`;

/** Source of the form: GoogleCloudPlatform/marketing-analytics-jumpstart#163, a request quota of another service. */
export const rateDetails = (projectNumber: string, { service, metric, limit, location }: RateQuota): readonly ErrorDetail[] => [
  errorInfo('RATE_LIMIT_EXCEEDED', 'googleapis.com', {
    service,
    consumer: `projects/${projectNumber}`,
    quota_metric: `${service}/${metric}`,
    quota_limit: limit,
    quota_location: location,
  }),
  {
    '@type': 'type.googleapis.com/google.rpc.Help',
    links: [{ description: 'Request a higher quota limit.', url: 'https://cloud.google.com/docs/quotas/help/request_increase' }],
  },
];

/** What a Google API answers above its request quota. */
export const rateExceeded = (projectNumber: string, quota: RateQuota): Response =>
  errorResponse('RESOURCE_EXHAUSTED', rateMessage(projectNumber, quota), rateDetails(projectNumber, quota));
