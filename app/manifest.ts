import type { MetadataRoute } from 'next'

export const dynamic = 'force-static'

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Ballast',
    short_name: 'Ballast',
    description: 'Keeps a crypto portfolio at its target weights.',
    start_url: '/',
    display: 'standalone',
    background_color: '#f6f6f3',
    theme_color: '#0b5d5a',
    icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
  }
}
