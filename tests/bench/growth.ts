export const measureGrowth = async (_: unknown): Promise<[]> => [];
