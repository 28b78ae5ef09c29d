/** How old data are, for people: "less than an hour old", "5 hours old", "3 days old". */
export function dataAgeText(seconds: number | undefined): string {
  if (seconds === undefined) {
    return 'of unknown age';
  }
  const hours = Math.floor(seconds / 3600);
  if (hours < 1) {
    return 'less than an hour old';
  }
  if (hours < 48) {
    return hours === 1 ? '1 hour old' : `${hours} hours old`;
  }
  return `${Math.floor(hours / 24)} days old`;
}
