import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { staySearch } from '../businesses/lodging/wish.ts';
import { phoneSearch } from '../businesses/preorder/wish.ts';
import { productSearch } from '../businesses/products/wish.ts';
import { dispenserSearch } from '../businesses/rental/wish.ts';
import { seatSearch } from '../businesses/seating/wish.ts';
import { lessonSearch } from '../businesses/tutoring/wish.ts';
import { Crashed } from './crashed.tsx';
import { ordersSearch } from '../orders/search.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: lazyRouteComponent(() => import('./not-found.tsx'), 'NotFound'),
  errorComponent: Crashed,
});

/** A page is one line here; its code is loaded when somebody goes there. */
const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('../home/home.tsx'), 'Home'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/lodging',
    validateSearch: staySearch,
    component: lazyRouteComponent(() => import('../businesses/lodging/search.tsx'), 'Search'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/lodging/$roomId',
    validateSearch: staySearch,
    component: lazyRouteComponent(() => import('../businesses/lodging/room.tsx'), 'Room'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/lodging/$roomId/order',
    validateSearch: staySearch,
    component: lazyRouteComponent(() => import('../businesses/lodging/order.tsx'), 'Order'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/help',
    component: lazyRouteComponent(() => import('../help/help.tsx'), 'Help'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/orders',
    validateSearch: ordersSearch,
    component: lazyRouteComponent(() => import('../orders/orders.tsx'), 'Orders'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/orders/$id',
    component: lazyRouteComponent(() => import('../orders/order.tsx'), 'OrderPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/account',
    component: lazyRouteComponent(() => import('../account/account.tsx'), 'Account'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/seating',
    validateSearch: seatSearch,
    component: lazyRouteComponent(() => import('../businesses/seating/search.tsx'), 'Search'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/seating/$cafeId',
    validateSearch: seatSearch,
    component: lazyRouteComponent(() => import('../businesses/seating/cafe.tsx'), 'Cafe'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/seating/$cafeId/order',
    validateSearch: seatSearch,
    component: lazyRouteComponent(() => import('../businesses/seating/order.tsx'), 'Order'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/preorder',
    validateSearch: productSearch,
    component: lazyRouteComponent(() => import('../businesses/preorder/search.tsx'), 'Search'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/preorder/$productId',
    validateSearch: phoneSearch,
    component: lazyRouteComponent(() => import('../businesses/preorder/phone.tsx'), 'Phone'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/preorder/$productId/order',
    validateSearch: phoneSearch,
    component: lazyRouteComponent(() => import('../businesses/preorder/order.tsx'), 'Order'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rental',
    validateSearch: productSearch,
    component: lazyRouteComponent(() => import('../businesses/rental/search.tsx'), 'Search'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rental/$productId',
    validateSearch: dispenserSearch,
    component: lazyRouteComponent(() => import('../businesses/rental/dispenser.tsx'), 'Dispenser'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/rental/$productId/order',
    validateSearch: dispenserSearch,
    component: lazyRouteComponent(() => import('../businesses/rental/order.tsx'), 'Order'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tutoring',
    validateSearch: lessonSearch,
    component: lazyRouteComponent(() => import('../businesses/tutoring/search.tsx'), 'Search'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tutoring/$lessonId',
    validateSearch: lessonSearch,
    component: lazyRouteComponent(() => import('../businesses/tutoring/lesson.tsx'), 'Lesson'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/tutoring/$lessonId/order',
    validateSearch: lessonSearch,
    component: lazyRouteComponent(() => import('../businesses/tutoring/order.tsx'), 'Order'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/kit',
    component: lazyRouteComponent(() => import('../kit/kit-page.tsx'), 'KitPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
