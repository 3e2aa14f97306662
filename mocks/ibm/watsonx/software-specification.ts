/** What the stored models run in: the one software specification there is. The name is watsonx.ai's, the id squall's own. */
export const SOFTWARE_SPECIFICATION = { id: '5c9d7a1e-0b34-4f6c-8d52-3e7f10a9b6c4', name: 'onnxruntime_opset_19' } as const;

/** The specification as the API shows it. Fields: what ibm_watsonx_ai 1.8.1 reads (sw_spec.py); read November 2026. */
export const describeSoftwareSpecification = () => ({
  metadata: {
    name: SOFTWARE_SPECIFICATION.name,
    asset_id: SOFTWARE_SPECIFICATION.id,
    asset_type: 'software_specification',
    description: 'ONNX Runtime, opset 19',
    life_cycle: { supported: { since_version: '1.0.0' } },
  },
  entity: { software_specification: { type: 'base', display_name: SOFTWARE_SPECIFICATION.name } },
});
