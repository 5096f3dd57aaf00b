import { ContactedHosts } from './ContactedHosts'
import { ThemeToggle } from './ThemeToggle'
import { version } from './version'

/** The foot of every page: what the app talks to, and what it never asks. */
export function AppFooter() {
  return (
    <footer className="border-line border-t">
      <div className="mx-auto flex max-w-[72rem] flex-col gap-4 px-4 py-8 text-[13px] text-ink-faint sm:flex-row sm:items-start sm:justify-between sm:px-6">
        <div className="max-w-xl space-y-1.5">
          <p className="text-ink-soft">
            Ballast never asks for a signed message. If this site ever asks you to sign a message, it is not us.
          </p>
          <ContactedHosts />
          <p>No account, no cookies, no analytics. Targets stay on this device.</p>
        </div>
        <div className="flex items-center gap-3">
          <span>Ballast {version}</span>
          <div className="sm:hidden">
            <ThemeToggle />
          </div>
        </div>
      </div>
    </footer>
  )
}
