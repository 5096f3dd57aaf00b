import { type KeyboardEvent, useId, useState } from 'react'
import { cx } from '@/components/ui/cx'
import { TokenLogo } from '@/components/ui/TokenLogo'
import type { Asset, AssetId } from '@/lib/core/asset'
import { selectMatches } from './selectMatches'

type AddAssetComboboxProps = {
  /** Assets that can still be added. */
  readonly assets: readonly Asset[]
  readonly onAdd: (assetId: AssetId) => void
}

/** Finds a listed asset by symbol, name or address. Enter takes the marked one, the arrows move the mark. */
export function AddAssetCombobox({ assets, onAdd }: AddAssetComboboxProps) {
  const [text, setText] = useState('')
  const [isOpen, setIsOpen] = useState(false)
  const [markedIndex, setMarkedIndex] = useState(0)
  const id = useId()
  const matches = selectMatches(assets, text)
  const marked = matches[Math.min(markedIndex, matches.length - 1)]
  const optionId = (assetId: AssetId) => `${id}-${assetId}`

  function close() {
    setIsOpen(false)
    setMarkedIndex(0)
  }

  function add(assetId: AssetId) {
    setText('')
    close()
    onAdd(assetId)
  }

  function moveMark(step: number) {
    setIsOpen(true)
    if (isOpen && matches.length > 0) setMarkedIndex((index) => (index + step + matches.length) % matches.length)
  }

  function onKeyDown(event: KeyboardEvent) {
    switch (event.key) {
      case 'ArrowDown':
        event.preventDefault()
        return moveMark(1)
      case 'ArrowUp':
        event.preventDefault()
        return moveMark(-1)
      case 'Enter':
        event.preventDefault()
        if (marked !== undefined && (isOpen || text !== '')) add(marked.id)
        return
      case 'Escape':
        if (!isOpen) return
        // The first Esc closes the list, the next one whatever is around it.
        event.preventDefault()
        event.stopPropagation()
        return close()
    }
  }

  return (
    <div className="relative">
      <label htmlFor={`${id}-input`} className="sr-only">
        Add asset
      </label>
      <input
        id={`${id}-input`}
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && marked !== undefined ? optionId(marked.id) : undefined}
        value={text}
        placeholder={assets.length === 0 ? 'All listed assets are here' : 'Add asset: symbol, name or address'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value)
          setMarkedIndex(0)
          setIsOpen(true)
        }}
        onClick={() => setIsOpen(true)}
        onBlur={close}
        onKeyDown={onKeyDown}
        className="min-h-12 w-full rounded-control border border-control bg-surface px-3.5 text-base placeholder:text-ink-faint sm:min-h-11 sm:text-sm"
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label="Assets"
        hidden={!isOpen}
        className="absolute inset-x-0 top-full z-10 mt-1 max-h-64 overflow-y-auto rounded-control border border-line bg-raised p-1 shadow-float"
      >
        {matches.map((asset) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard works on the input, which keeps the focus.
          <div
            key={asset.id}
            id={optionId(asset.id)}
            role="option"
            tabIndex={-1}
            aria-selected={asset.id === marked?.id}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => add(asset.id)}
            className={cx(
              'flex min-h-11 cursor-pointer items-center gap-3 rounded-[8px] px-2.5 text-sm',
              asset.id === marked?.id ? 'bg-accent-soft' : 'hover:bg-hover',
            )}
          >
            <TokenLogo symbol={asset.id} size="sm" />
            <span className="font-medium">{asset.id}</span>
            <span className="truncate text-ink-faint">{asset.name}</span>
          </div>
        ))}
        {matches.length === 0 && (
          <p className="px-2.5 py-3 text-ink-faint text-sm">
            {assets.length === 0
              ? 'Every listed asset is already among the targets.'
              : `No listed asset matches “${text.trim()}”.`}
          </p>
        )}
      </div>
    </div>
  )
}
