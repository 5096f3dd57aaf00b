/**
 * Runs before the first paint, so that neither the colours nor the screen change under the reader's eyes: takes the
 * chosen theme, and notes whether a wallet or a watched address is remembered. Without quotation marks, angle brackets
 * and ampersands, since it stands as text in the page.
 */
export const earlyScript = [
  'try{',
  'const root=document.documentElement;',
  'const theme=localStorage.getItem(`ballast.theme`);',
  'if(theme===`light`||theme===`dark`)root.dataset.theme=theme;',
  'if(localStorage.getItem(`ballast.wallet.recentConnectorId`)||sessionStorage.getItem(`ballast.watch`))',
  'root.dataset.session=`returning`',
  '}catch{}',
].join('')
