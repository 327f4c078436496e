/** Names the tenant of a process to that process. */
export const tenantVariable = 'CARTWATCH_TENANT'
