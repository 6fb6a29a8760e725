create table if not exists raw_orders (
    order_id text, event_time text, customer_id text, eur integer, day text
);
create table if not exists stg_orders (
    order_id text primary key, customer_id text, eur integer, day text
);
create table if not exists fct_revenue_daily (
    day text primary key, orders integer, revenue integer
);
