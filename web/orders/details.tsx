import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../kit/button.tsx';
import { Card, Values } from '../kit/card.tsx';
import { Icon } from '../kit/icon.tsx';
import { cardName } from '../text/card-name.ts';
import { useFormats, useLanguage, useTexts, useWords } from '../text/language.ts';
import { here } from '../text/zone.ts';
import { businessOf, iconOf, kindOf, numberOf, type Order } from './kinds.ts';
import css from './order.module.css';
import { deliveryQuery, paymentQuery, rentalQuery } from './queries.ts';
import { titleOf, whenOf, zoneOf } from './shown.ts';
import { text } from './text.ts';

/** What was ordered, what it costs, what was paid and comes back. */
export function Details({ order, onCancel }: { order: Order; onCancel: (() => void) | undefined }) {
  const words = useTexts(text);
  const { business } = useWords();
  const { language } = useLanguage();
  const format = useFormats();
  const name = businessOf(order)?.name;
  const version = `${order.status} ${order.paymentStatus}`;
  const isRental = kindOf(order) === 'rental.rental';
  const payment = useQuery({ ...paymentQuery(order.id, version), enabled: order.paymentStatus !== '' });
  const rental = useQuery({ ...rentalQuery(order.id), enabled: isRental });
  const { time_zone, fulfilment, dealership_name } = order.attributes;
  const when = fulfilment ? '' : whenOf(order, format, words);
  const refunded = payment.data?.refunded;
  const rows: [string, ReactNode][] = [
    [words.number, <span key="number">{numberOf(order)}</span>],
    ...(when ? [[isRental ? words.term : words.when, when] as [string, ReactNode]] : []),
    ...(time_zone && time_zone !== here() ? [[words.place, format.zone(zoneOf(order))] as [string, ReactNode]] : []),
    ...(fulfilment ? [[words.method, words.fulfilment[fulfilment] ?? fulfilment] as [string, ReactNode]] : []),
    ...(dealership_name ? [[words.dealership, dealership_name] as [string, ReactNode]] : []),
    ...(rental.data ? [[words.address, rental.data.address] as [string, ReactNode]] : []),
    ...(rental.data?.monthlyFee ? [[words.monthly, format.money(rental.data.monthlyFee)] as [string, ReactNode]] : []),
    ...(rental.data?.deposit ? [[words.deposit, format.money(rental.data.deposit)] as [string, ReactNode]] : []),
    ...(order.createTime ? [[words.made, format.dateTime(order.createTime, here())] as [string, ReactNode]] : []),
    ...(payment.data?.status === 'COMPLETED' && payment.data.amount
      ? [[words.paid, format.money(payment.data.amount)] as [string, ReactNode]]
      : []),
    ...(payment.data?.card ? [[words.card, cardName(payment.data.card)] as [string, ReactNode]] : []),
    ...(refunded && Number(refunded.units) > 0
      ? [[words.refunded, format.money(refunded)] as [string, ReactNode]]
      : []),
  ];
  return (
    <Card as="aside" label={words.details} className={css.details}>
      <p className={css.kind}>
        <Icon name={iconOf(order)} size="small" />
        {name ? business[name] : order.order?.kind}
      </p>
      <h2>{titleOf(order, language, words)}</h2>
      <Values rows={rows} {...(order.total && { total: [words.total, format.money(order.total)] as const })} />
      <HandOver order={order} version={version} />
      {onCancel && (
        <Button look="danger" full onPress={onCancel}>
          {words.cancel}
        </Button>
      )}
    </Card>
  );
}

const onTheWay = ['STOCK_CONFIRMED', 'DELIVERING', 'ACCEPTED', 'SHIPPED'];

/** The code that the courier asks for. */
function HandOver({ order, version }: { order: Order; version: string }) {
  const words = useTexts(text);
  const isDelivered = kindOf(order) === 'rental.rental' || order.attributes['fulfilment'] === 'DELIVERY';
  const { data } = useQuery({
    ...deliveryQuery(order.id, version),
    enabled: isDelivered && onTheWay.includes(order.status),
  });
  if (!data?.handoverCode || !onTheWay.includes(order.status)) return null;
  return (
    <div className={css.code}>
      <span>
        {words.code}
        <br />
        <small className="muted">{words.codeText}</small>
      </span>
      <b>{data.handoverCode}</b>
    </div>
  );
}
