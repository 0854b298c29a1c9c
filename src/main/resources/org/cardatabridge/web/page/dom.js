// SPDX-License-Identifier: Apache-2.0
// Builds the page. What arrives was sent by somebody else: it becomes text, never markup.

const SVG = 'http://www.w3.org/2000/svg';

/** The address where a page may lead: https, geo, or this bridge itself; else null. */
export function safeUrl(address) {
  try {
    const url = new URL(String(address), document.baseURI);
    const own = url.origin === location.origin && /^https?:$/.test(url.protocol);
    return own || url.protocol === 'https:' || url.protocol === 'geo:' ? url.href : null;
  } catch {
    return null;
  }
}

function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      node.append(child instanceof Node ? child : String(child));
    }
  }
  return node;
}

function set(node, props) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.setAttribute('class', value);
    else if (name === 'text') node.textContent = String(value);
    else if (name === 'style') Object.entries(value).forEach(([k, v]) => node.style.setProperty(k, v));
    else if (/^on/i.test(name)) node.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === 'value' && 'value' in node) node.value = value;
    else if (name === 'href') link(node, value);
    else if (name === 'src') {
      const url = safeUrl(value);
      if (url && new URL(url).origin === location.origin) node.setAttribute('src', url);
    } else if (name !== 'srcdoc' && name !== 'action') node.setAttribute(name, value === true ? '' : value);
  }
  return node;
}

function link(node, address) {
  const url = safeUrl(address);
  if (!url) return;
  node.setAttribute('href', String(address).startsWith('#') ? address : url);
  if (new URL(url).origin !== location.origin) {
    node.setAttribute('target', '_blank');
    node.setAttribute('rel', 'noopener noreferrer');
  }
}

/**
 * An HTML element. Props: class, text, style (an object), on<Event> (a function), any attribute;
 * null, undefined and false are left out. Children are nodes or text.
 */
export const el = (tag, props, ...children) => add(set(document.createElement(tag), props), children);

/** The same for SVG. */
export const svg = (tag, props, ...children) =>
  add(set(document.createElementNS(SVG, tag), props), children);
