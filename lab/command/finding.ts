/** One thing that the doctor looked at. */
export interface Finding {
  readonly what: string;
  /** `problem`: no lab comes up as long as this stays so. */
  readonly level: 'ok' | 'warning' | 'problem';
  readonly says: string;
  /** What to do about it. */
  readonly next?: string;
}
