import type { ArmRoute } from '../arm/route.ts';

const TYPE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';
const ENDPOINTS =
  '/resourceGroups/{resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/{workspace}/onlineEndpoints';
const ENDPOINT = `${ENDPOINTS}/{endpoint}`;
const DEPLOYMENT = `${ENDPOINT}/deployments/{deployment}`;

/** Operations on online endpoints. Source: operations of @azure/arm-machinelearning 2.1.1, which is made from the REST specification. */
export const ML_ROUTES = {
  OnlineEndpoints_List: { method: 'GET', path: ENDPOINTS, action: `${TYPE}/read` },
  OnlineEndpoints_Get: { method: 'GET', path: ENDPOINT, action: `${TYPE}/read` },
  OnlineEndpoints_CreateOrUpdate: { method: 'PUT', path: ENDPOINT, action: `${TYPE}/write` },
  OnlineEndpoints_ListKeys: { method: 'POST', path: `${ENDPOINT}/listKeys`, action: `${TYPE}/listKeys/action` },
  OnlineDeployments_List: { method: 'GET', path: `${ENDPOINT}/deployments`, action: `${TYPE}/deployments/read` },
  OnlineDeployments_Get: { method: 'GET', path: DEPLOYMENT, action: `${TYPE}/deployments/read` },
  OnlineDeployments_CreateOrUpdate: { method: 'PUT', path: DEPLOYMENT, action: `${TYPE}/deployments/write` },
  OnlineDeployments_Delete: { method: 'DELETE', path: DEPLOYMENT, action: `${TYPE}/deployments/delete` },
  OperationsStatus_Get: {
    method: 'GET',
    path: '/providers/Microsoft.MachineLearningServices/locations/{location}/mfeOperationsStatus/{operationId}',
    action: 'Microsoft.MachineLearningServices/locations/mfeOperationsStatus/read',
  },
} as const satisfies Readonly<Record<string, ArmRoute>>;

export type MlOperation = keyof typeof ML_ROUTES;
