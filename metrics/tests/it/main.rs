//! metrics as its clients see it: requests in, answers out, and what the database holds afterwards.

mod contract;
