/** Of the JSON that commands print and the API answers: rises when a field goes or changes its meaning, not when one comes. */
const jsonVersion = 1

/** A stored thing as JSON shows it: docs/store.md lists the fields. */
export const versioned = <Fields extends object>(fields: Fields) => ({ version: jsonVersion, ...fields })
