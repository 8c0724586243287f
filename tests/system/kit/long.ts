/** Whether `npm run soak` asks: then for more of the same, and on a machine that has nothing else to do. */
export const long = process.env['SOAK'] === '1';
