"""Makes exports of an imaginary shop, "Attic & Button", in Optimizely's layout."""
