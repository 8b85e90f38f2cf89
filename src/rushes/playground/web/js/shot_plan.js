/** Shot plans: how their values are named, and edits of a plan, each of which returns a new one. */

import { capital } from "./words.js";

const NAMES = {
  golden: "golden hour",
  close_up: "close-up",
  low_angle: "low angle",
  natural: "natural light",
  moon: "moonlight",
  mars: "light of Mars",
  lamp: "lamplight",
  candle: "candlelight",
  neon: "neon light",
  clear: "clear sky",
  cafe: "café",
  foreground: "in front",
  ground: "on the ground",
  background: "far away",
  sky: "in the air",
  water: "on the water",
  camera: "you",
};

/** How fast camera and actions are, with the words for it. */
const PACES = { 0.5: "slow", 0.75: "calm", 1: "usual pace", 1.5: "brisk", 2: "fast" };

/** The fields of a plan that are one word of a list, with the name of each field for people. */
export const FIELDS = { set: "Place", time: "Time", weather: "Weather", light: "Light", framing: "Framing" };

export const MOST_COPIES = 200;
const CROWD = 5;
export const LEAST_HEIGHT_M = 0.001;
export const MOST_HEIGHT_M = 10_000;
const LEAST_SCALE = 0.1;
const MOST_SCALE = 10;
export const MOST_MEMBERS = 24;
export const MOST_MOVES = 12;

/** Return how people call a name of the plan. */
export const named = (name) => NAMES[name] ?? name.replaceAll(/[_-]/g, " ");

/** Return how people call a pace, which any number may be. */
export const pacePhrase = (pace) => PACES[pace] ?? `pace × ${pace}`;

/** Return the paces to choose from, as text, with the present one among them. */
export const paces = (pace) => [...new Set([...Object.keys(PACES).map(Number), pace])].sort((one, other) => one - other).map(String);

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const MANY = /\b(crowds?|groups?|flocks?|herds?|swarms?|schools?|army|dozens|hundreds|thousands|many|several|few|some)\b/i;

/** Whether words say how many there are: "two dogs" of two, "a flock of birds" of many. */
const saysCount = (words, count) => words.toLowerCase().split(/\s+/).some((word) => word === NUMBERS[count] || word === String(count)) || (count > 2 && MANY.test(words));

/** Return how people call a cast member, by the words of the prompt where there are any. */
export function memberName({ subject, words, count }) {
  const name = words || named(subject);
  return count > 1 && !saysCount(name, count) ? `${name} × ${count}` : name;
}

/** Return a cast member of a subject, doing what it usually does where it usually is. */
export function newMember({ name, plane, action }) {
  return { subject: name, words: named(name), count: 1, height_m: null, plane, x: null, y: null, scale: 1, facing: "right", action, colour: null, on: null };
}

export const withField = (plan, name, value) => ({ ...plan, [name]: value });
export const withCamera = (plan, camera) => ({ ...plan, camera });
export const timedMove = (plan, order, fields) => withCamera(plan, plan.camera.map((one, at) => (at === order ? { ...one, ...fields } : one)));
export const withEffects = (plan, effects) => ({ ...plan, effects });
export const added = (plan, member) => ({ ...plan, cast: [...plan.cast, member] });

/** Return the plan with some fields of a member changed. */
export function withMember(plan, index, fields) {
  return { ...plan, cast: plan.cast.map((member, order) => (order === index ? { ...member, ...fields } : member)) };
}

/** Return the plan with a member at another place; what was on something stands by itself then. */
export const moved = (plan, index, x, y) => withMember(plan, index, { x: share(x), y: share(y), on: null });

export function scaled(plan, index, by) {
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, plan.cast[index].scale * by));
  return withMember(plan, index, { scale: Number(scale.toFixed(3)) });
}

/**
 * Return the plan with a member that faces another way, and with the others where they are.
 *
 * `places` are those of the frame: the engine composes for the way that the main subject faces, and would
 * mirror the places of all that have none of their own. A crowd is spread by the engine in any case.
 */
export function facing(plan, index, way, places) {
  const stays = ({ x, on, count }, place) => (x === null && on === null && count < CROWD && place ? share(place[0]) : x);
  const cast = plan.cast.map((member, order) => ({ ...member, x: stays(member, places?.[order]) }));
  return withMember({ ...plan, cast }, index, { facing: way });
}

/** Return the plan without a member; what was on it stands on the ground. */
export function removed(plan, index) {
  const { words } = plan.cast[index];
  return {
    ...plan,
    shown: plan.shown.filter((one) => one !== words),
    cast: plan.cast.filter((_, order) => order !== index).map((member) => ({ ...member, on: seat(member.on, index) })),
  };
}

function seat(on, gone) {
  if (on === null || on === gone) return null;
  return on > gone ? on - 1 : on;
}

const share = (value) => Number(Math.min(1, Math.max(0, value)).toFixed(3));

/** Return how the times of a clip are told: in seconds, or where it has no length in percent. */
export const clipOf = ({ kind, duration_s }) => (kind === "video" && duration_s ? { whole: duration_s, unit: "s" } : { whole: 100, unit: "%" });

/** Return a share of a clip as people read it, and the share that they write. */
export const clipMoment = (part, { whole }) => Number((part * whole).toFixed(2));
export const clipShare = (moment, { whole }) => Number((moment / whole).toFixed(4));

/** Return a move of the camera, with its times where it does not last from the first frame to the last. */
export function movePhrase({ move, start, end }, clip) {
  const isAlways = start === 0 && end === 1;
  return isAlways ? named(move) : `${named(move)}, ${clipMoment(start, clip)} to ${clipMoment(end, clip)} ${clip.unit}`;
}

/** Return the indices of the members on which a member can be: none that is itself on it, however indirectly. */
export function possibleHosts({ cast }, index) {
  const isOnIt = (one) => one !== null && one !== undefined && (one === index || isOnIt(cast[one].on));
  return [...cast.keys()].filter((one) => !isOnIt(one));
}

/** Return the values that the plan's schema has for a field, and for the lists in it. */
export function choices(schema) {
  const { camera, cast, effects, ...fields } = schema.properties;
  return {
    ...Object.fromEntries(Object.keys(FIELDS).map((name) => [name, fields[name].enum])),
    palette: fields.palette.anyOf[0].enum,
    plane: cast.items.properties.plane.enum,
    facing: cast.items.properties.facing.enum,
    move: camera.items.properties.move.enum,
    subject: cast.items.properties.subject.enum,
    action: cast.items.properties.action.enum,
    effect: effects.items.enum,
  };
}

/** Return a plan as one sentence, for those who hear it. */
export function planSentence(plan) {
  const what = [...plan.cast.map(memberName), named(plan.set), named(plan.time), ...plan.effects.map(named)];
  return capital(`${what.join(", ")}.`);
}
