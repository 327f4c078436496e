import fc from 'fast-check'

// `npm test` draws the same examples every time: it fails for what was changed. TEST_TRIES looks for others.
if (process.env['TEST_TRIES'] === undefined) fc.configureGlobal({ seed: 1 })
