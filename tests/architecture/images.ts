/** An image whose digest is not known yet: it is taken by its tag, which its publisher may move. */
export interface Floating {
  image: string;
  reason: string;
}

/** Images of other people that are taken by a tag alone and are not on the list, and images on the list that nobody takes so. */
export function imageProblems(files: readonly string[], floating: readonly Floating[]): string[] {
  const taken = files
    .flatMap((text) => [...text.matchAll(/^\s*(?:FROM|image:) +(\S+)/gm)].map(([, image = '']) => image))
    .filter((image) => !image.startsWith('jari:'));
  const byTag = new Set(taken.filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image)));
  return [
    ...(taken.length ? [] : ['no image is taken anywhere']),
    ...[...byTag]
      .filter((image) => !floating.some((each) => each.image === image))
      .map((image) => `${image} is taken without a digest`),
    ...floating
      .filter(({ image }) => !byTag.has(image))
      .map(({ image }) => `${image} is on the list of images without a digest, and is not taken so`),
    ...floating
      .filter(({ reason }) => !reason)
      .map(({ image }) => `${image} is on the list of images without a digest, and gives no reason`),
  ];
}
