/** What the browser says of notices: `absent` where it has none, or none on this page. */
export type NoticePermission = 'absent' | 'undecided' | 'allowed' | 'denied'

/** Whether notices of the browser may be shown. Asks nobody. */
export function readNoticePermission(): NoticePermission {
  if (!('Notification' in globalThis) || globalThis.isSecureContext !== true) return 'absent'
  switch (Notification.permission) {
    case 'granted':
      return 'allowed'
    case 'denied':
      return 'denied'
    default:
      return 'undecided'
  }
}

/** Asks the person whether notices may be shown; only on a click of theirs. */
export async function askForNotices(): Promise<NoticePermission> {
  if (readNoticePermission() !== 'undecided') return readNoticePermission()
  try {
    await Notification.requestPermission()
  } catch {
    // An old browser wants a callback instead: then it stays undecided.
  }
  return readNoticePermission()
}

/** Shows a notice of the browser where that is allowed; `tag` takes the place of an older one. A click comes back to the page. */
export function showBrowserNotice({ title, body, tag }: { title: string; body: string; tag: string }): void {
  if (readNoticePermission() !== 'allowed') return
  try {
    const notice = new Notification(title, { body, tag })
    notice.onclick = () => {
      globalThis.focus()
      notice.close()
    }
  } catch {
    // Some phones show notices from a service worker only: the one on the page is enough.
  }
}
