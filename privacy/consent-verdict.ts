/** What a consent string says to personal advertising; only `allowed` permits personal data. */
export type ConsentVerdict = 'allowed' | 'denied' | 'unreadable';
