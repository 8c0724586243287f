/** Where somebody is, in degrees. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** The grid of the map: a degree north is 64 units, one east 51.8, as at 36° both are as long on the ground. */
export const north = 64;
export const east = 51.8;
export const unitsPerKilometre = north / 111.195;
export const size = { width: 216, height: 372 };

export const toMap = ({ latitude, longitude }: Place): { x: number; y: number } => ({
  x: 38.1 + east * (longitude - 126.53),
  y: 86.8 + north * (37.5 - latitude),
});

/** To a ten-thousandth of a degree, about ten metres, and on the map. */
export const fromMap = (x: number, y: number): Place =>
  onMap({ latitude: 37.5 - (y - 86.8) / north, longitude: 126.53 + (x - 38.1) / east });

const exact = (degrees: number): number => Math.round(degrees * 1e4) / 1e4;

export const onMap = ({ latitude, longitude }: Place): Place => ({
  latitude: exact(Math.min(38.6, Math.max(33.1, latitude))),
  longitude: exact(Math.min(129.95, Math.max(125.9, longitude))),
});

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** On the sphere. */
export function kilometresBetween(one: Place, other: Place): number {
  const a =
    Math.sin(radians(other.latitude - one.latitude) / 2) ** 2 +
    Math.cos(radians(one.latitude)) *
      Math.cos(radians(other.latitude)) *
      Math.sin(radians(other.longitude - one.longitude) / 2) ** 2;
  return 12_742 * Math.asin(Math.sqrt(a));
}

export interface City extends Place {
  ko: string;
  en: string;
  /** One of many dots too close together for the map of the whole country. */
  inSeoul: boolean;
  /** Its name stands on the map of the whole country. */
  large: boolean;
}

const city = (ko: string, en: string, latitude: number, longitude: number, large = false): City => ({
  ...{ ko, en, latitude, longitude, large, inSeoul: ko.startsWith('서울 ') },
});

export const cities: readonly City[] = [
  city('서울', 'Seoul', 37.566, 126.978, true),
  city('서울 강남', 'Seoul Gangnam', 37.498, 127.028),
  city('서울 송파', 'Seoul Songpa', 37.514, 127.106),
  city('서울 강서', 'Seoul Gangseo', 37.551, 126.85),
  city('서울 관악', 'Seoul Gwanak', 37.478, 126.952),
  city('서울 노원', 'Seoul Nowon', 37.654, 127.056),
  city('서울 마포', 'Seoul Mapo', 37.556, 126.924),
  city('서울 성동', 'Seoul Seongdong', 37.563, 127.037),
  city('서울 영등포', 'Seoul Yeongdeungpo', 37.517, 126.907),
  city('부산', 'Busan', 35.163, 129.053, true),
  city('부산 해운대', 'Busan Haeundae', 35.163, 129.164),
  city('대구', 'Daegu', 35.869, 128.606, true),
  city('인천', 'Incheon', 37.447, 126.731),
  city('광주', 'Gwangju', 35.152, 126.89, true),
  city('대전', 'Daejeon', 36.355, 127.384, true),
  city('울산', 'Ulsan', 35.544, 129.33),
  city('세종', 'Sejong', 36.48, 127.289),
  city('수원', 'Suwon', 37.264, 127.029),
  city('용인', 'Yongin', 37.241, 127.178),
  city('고양', 'Goyang', 37.658, 126.832),
  city('성남', 'Seongnam', 37.42, 127.127),
  city('안산', 'Ansan', 37.322, 126.831),
  city('평택', 'Pyeongtaek', 36.992, 127.113),
  city('파주', 'Paju', 37.76, 126.78),
  city('춘천', 'Chuncheon', 37.881, 127.73),
  city('원주', 'Wonju', 37.342, 127.92),
  city('강릉', 'Gangneung', 37.752, 128.876, true),
  city('속초', 'Sokcho', 38.207, 128.592),
  city('청주', 'Cheongju', 36.642, 127.489),
  city('충주', 'Chungju', 36.991, 127.926),
  city('천안', 'Cheonan', 36.815, 127.114),
  city('서산', 'Seosan', 36.785, 126.45),
  city('전주', 'Jeonju', 35.824, 127.148, true),
  city('군산', 'Gunsan', 35.968, 126.737),
  city('목포', 'Mokpo', 34.812, 126.392),
  city('여수', 'Yeosu', 34.76, 127.662),
  city('순천', 'Suncheon', 34.951, 127.487),
  city('포항', 'Pohang', 36.019, 129.343),
  city('경주', 'Gyeongju', 35.856, 129.225),
  city('구미', 'Gumi', 36.12, 128.344),
  city('안동', 'Andong', 36.568, 128.73),
  city('창원', 'Changwon', 35.228, 128.681),
  city('진주', 'Jinju', 35.18, 128.108),
  city('통영', 'Tongyeong', 34.854, 128.433),
  city('제주', 'Jeju', 33.499, 126.531, true),
  city('서귀포', 'Seogwipo', 33.254, 126.56),
];

/** The nearest city and how far it is. */
export function nearestCity(place: Place): { city: City; kilometres: number } {
  return cities
    .map((each) => ({ city: each, kilometres: kilometresBetween(place, each) }))
    .reduce((best, each) => (each.kilometres < best.kilometres ? each : best));
}

/** As it is kept in the browser; undefined where it says no place. */
export function readPlace(kept: string): Place | undefined {
  const [latitude = NaN, longitude = NaN] = kept.split(',').map(Number);
  return Number.isFinite(latitude) && Number.isFinite(longitude) && kept ? onMap({ latitude, longitude }) : undefined;
}

export const writePlace = ({ latitude, longitude }: Place): string => `${latitude},${longitude}`;
