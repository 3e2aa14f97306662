import { fromJson, type JsonValue, toJson } from '@bufbuild/protobuf';
import { GLOBAL } from '../../cloud/cloud.ts';
import type { FetchHandler } from '../../emulator.ts';
import { readBytes } from '../../shared/read-bytes.ts';
import type { GoogleAccount } from '../account.ts';
import { apiKeyOf, invalidApiKey } from '../api-keys.ts';
import { badRequest, errorInfo, errorResponse, failureResponse, unknownPathResponse } from '../errors.ts';
import { VISION_API } from '../google-api.ts';
import { vision } from '../proto/vision.ts';
import { type RateQuota, rateExceeded } from '../rate-exceeded.ts';
import { projectNumber } from '../resource-names.ts';
import { type AnnotateRequest, annotate, isComplete } from './annotate.ts';

/** Name of the service in the table and in commands. */
export const VISION = 'vision';

/** 10 MB of JSON, and 16 images in it. Source: cloud.google.com/vision/product-search/quotas, in a copy that was searched in November 2026. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_IMAGES = 16;

/** Names of the quota's metric and limit are taken by analogy with other APIs. */
const RATE: RateQuota = {
  service: VISION_API.service,
  metricTitle: 'Requests',
  limitTitle: 'Requests per minute',
  metric: 'default_requests',
  limit: 'defaultPerMinutePerProject',
  location: 'global',
};

const PATH = /^\/v1\/(?:projects\/([^/]+)\/(?:locations\/[^/]+\/)?)?images:annotate$/;

const invalid = (message: string): Response => errorResponse('INVALID_ARGUMENT', message, [badRequest(message)]);

/** @returns the images to look at, or the answer to a body that is not a BatchAnnotateImagesRequest */
const readRequests = async (request: Request): Promise<readonly AnnotateRequest[] | Response> => {
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (!body) return invalid(`Request payload size exceeds the limit: ${MAX_BODY_BYTES} bytes.`);
  const type = vision.message('BatchAnnotateImagesRequest');
  let requests: readonly AnnotateRequest[];
  try {
    const json = JSON.parse(new TextDecoder().decode(body)) as JsonValue;
    ({ requests = [] } = toJson(type, fromJson(type, json)) as { requests?: readonly AnnotateRequest[] });
  } catch (error) {
    return invalid(`Invalid JSON payload received. ${error instanceof Error ? error.message : error}`);
  }
  // One image that is missing refuses them all. Source of both messages: answers that users report.
  if (requests.length > MAX_IMAGES) return errorResponse('INVALID_ARGUMENT', 'Too many images per request');
  if (!requests.every(isComplete)) return errorResponse('INVALID_ARGUMENT', 'Request must specify image and features.');
  return requests;
};

/** Vision asks IAM for the use of the project alone. */
const deniedUse = (project: string): Response => {
  const message =
    `Caller does not have required permission to use project ${project}. Grant the caller the roles/serviceusage.serviceUsageConsumer role, ` +
    'or a custom role with the serviceusage.services.use permission, by visiting https://console.developers.google.com/iam-admin/iam/project?' +
    `project=${project} and then retry.`;
  return errorResponse('PERMISSION_DENIED', message, [
    errorInfo('USER_PROJECT_DENIED', 'googleapis.com', { service: VISION_API.service, consumer: `projects/${project}` }),
  ]);
};

/**
 * Cloud Vision, `https://vision.googleapis.com`: the labels of pictures of digits.
 * Source: `image_annotator.proto` of @google-cloud/vision 6.1; the REST reference is cloud.google.com/vision/docs/reference/rest/v1/images/annotate.
 */
export const createVisionEndpoint =
  (account: GoogleAccount): FetchHandler =>
  async (request) => {
    const { pathname } = new URL(request.url);
    const match = PATH.exec(pathname);
    if (!match || request.method !== 'POST') return unknownPathResponse(pathname);

    const key = request.headers.has('authorization') ? null : apiKeyOf(request);
    if (key !== null && !account.apiKeys.isActive(key)) return invalidApiKey(VISION_API.service);
    const refusal = key === null ? await account.authenticate(request, VISION_API, 'BatchAnnotateImages') : undefined;
    if (refusal) return refusal;

    const { projectId, permissions, rates, dependencies } = account;
    const project = match[1] ?? projectId;
    const isOwn = project === projectId || project === projectNumber(projectId);
    if (!isOwn || !permissions.allows(VISION, 'BatchAnnotateImages')) return deniedUse(project);
    if (!rates.admits(VISION, GLOBAL)) return rateExceeded(projectNumber(projectId), RATE);

    const requests = await readRequests(request);
    if (requests instanceof Response) return requests;
    try {
      const responses = await Promise.all(requests.map((one) => annotate(one, dependencies.models)));
      return Response.json({ responses }, { headers: { 'content-type': 'application/json; charset=UTF-8' } });
    } catch {
      return failureResponse('internal');
    }
  };
