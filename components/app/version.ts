import packageJson from '../../package.json' with { type: 'json' }

/** The app's version as its package names it. */
export const { version } = packageJson
