import { fileURLToPath } from 'node:url'

/** Entries of wallet connectors that are left out of the packages, and what stands in for them. */
const absentConnectors = { 'porto/internal': './lib/config/stubs/absentConnector.ts' }

/** In development the demo serves the run-time configuration on its own address. */
const developmentConfigUrl = process.env.NODE_ENV === 'development' ? process.env.BALLAST_CONFIG_URL : undefined

/** @type {import('next').NextConfig} */
const config = {
  ...(developmentConfigUrl === undefined
    ? { output: 'export' }
    : { rewrites: async () => [{ source: '/ballast.config.json', destination: developmentConfigUrl }] }),
  trailingSlash: true,
  reactStrictMode: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  generateBuildId: () => process.env.BALLAST_BUILD_ID ?? 'local',
  // `npm run build` and `npm test` check the types beside the build; a bare `next build` does it itself.
  typescript: { ignoreBuildErrors: process.env.BALLAST_TYPES_CHECKED === '1' },
  turbopack: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    resolveAlias: absentConnectors,
  },
  webpack: (webpackConfig) => {
    for (const [name, path] of Object.entries(absentConnectors)) {
      webpackConfig.resolve.alias[name] = fileURLToPath(new URL(path, import.meta.url))
    }
    return webpackConfig
  },
}

export default config
