const tracking =
  /<script[^>]*\ssrc="https:\/\/www\.googletagmanager\.com\/[^>]*>\s*<\/script>\s*<script>[^<]*\bgtag\([^<]*<\/script>/g;

/**
 * Returns the HTML of an Allure report without its calls to Google Analytics, for which Allure has no switch: whoever
 * opens a report of an internal cluster tells nobody.
 */
export function withoutTracking(html: string): string {
  return html.replaceAll(tracking, '');
}
