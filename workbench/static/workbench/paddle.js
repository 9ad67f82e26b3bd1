// Opens the checkout of the page's transaction by Paddle's own script, and goes to the balance once it is paid.

const place = document.querySelector("[data-paddle]");
if (place && window.Paddle) {
  const { paddle, environment, transaction, back } = place.dataset;
  if (environment === "sandbox") window.Paddle.Environment.set("sandbox");
  window.Paddle.Initialize({
    token: paddle,
    eventCallback: (event) => {
      if (event.name === "checkout.completed") location.assign(`${back}?payment_id=${encodeURIComponent(transaction)}`);
    },
  });
  document.querySelector("#pay").addEventListener("click", () => window.Paddle.Checkout.open({ transactionId: transaction }));
} else if (place) {
  document.querySelector("#blocked").hidden = false;
}
