import type { FailureCondition } from '../control.ts';
import { failure, watsonxErrorResponse } from './watsonx/errors.ts';

/** watsonx.ai's answer when it fails in one of the ways that every cloud has. */
export const failureResponse = (condition: FailureCondition): Response => watsonxErrorResponse(failure(condition));
