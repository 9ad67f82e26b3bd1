// What an integrator writes with the typed client. The compiler refuses the lines that end in `// wrong`, and no others.
// Nothing here runs: tests/clients/test_types.py has it checked.
import { Client, verify, type schemas } from "xcscribe";

export async function write(client: Client, signal: AbortSignal): Promise<string[]> {
  const project = await client.projects.create({ name: "Autumn", platform: "woocommerce" }, { signal });
  await client.sources.upload(project.id, { file: new File(["sku,name"], "products.csv"), match: true });
  const quote = await client.generation.estimate(project.id, { language: "de" });
  const begun = await client.generation.generate(project.id, { language: "de", max_xct: quote.xct_max }, { wait: 0 });
  await client.wait(begun.job_id, { onEvent: (event) => console.log(event.name), signal });
  for await (const item of client.items.list(project.id, { status: "flagged", limit: 50 }, { signal })) {
    await client.items.update(project.id, item.id, { status: "approved" }, { version: item.version });
  }
  for await (const event of client.generation.generateStream(project.id, { language: "de" })) console.log(event.data);
  const file = await client.items.export(project.id, { status_filter: "approved" }, { signal });
  const wish: schemas.ItemsListQuery = { status: "flagged" };
  const names: string[] = [await file.text()];
  for await (const item of client.items.list(project.id, wish)) names.push(item.external_id);
  const first = (await client.items.get(project.id, names[0] ?? "")).generated_content;
  console.log(first.description?.trim(), first.seo?.title, first.attributes?.["Material"], first.tags?.[0]);
  await client.items.update(project.id, names[0] ?? "", { generated_content: { description: "<p>Ours</p>", tags: null } });
  console.log((await client.items.get(project.id, names[0] ?? "", { fields: "id,status" }, { signal })).status);
  const ofNode: Record<string, string | string[] | undefined> = { "webhook-id": "1", "set-cookie": ["a", "b"] };
  console.log((await verify("{}", ofNode, "whsec_x")).type);
  return names;
}

export async function refused(client: Client): Promise<void> {
  client.itmes.list("1"); // wrong
  client.items.lst("1"); // wrong
  client.items.list(); // wrong
  client.items.list("1", { statsu: "flagged" }); // wrong
  client.items.list("1", { status: "flaged" }); // wrong
  client.items.list("1", { limit: "3" }); // wrong
  await client.projects.create({ platform: "woocommerce" }); // wrong
  await client.projects.create({ name: "Autumn", platform: "wocommerce" }); // wrong
  await client.projects.create({ name: "Autumn", platform: "woocommerce", store: "1" }); // wrong
  await client.items.update("1", "2", { status: "approved" }, { version: "3" }); // wrong
  await client.items.update("1", "2", { status: "approved" }, { wait: 0 }); // wrong
  await client.apiKeys.create({ name: "ERP", scopes: ["projects:write"], expire_at: "2026-12-01T00:00:00Z" }); // wrong
  await client.apiKeys.create({ name: "ERP", scopes: ["projcts:write"] }); // wrong
  console.log((await client.items.get("1", "2")).statsu); // wrong
  console.log((await client.items.get("1", "2")).version.toUpperCase()); // wrong
  console.log((await client.items.get("1", "2")).generated_content.describtion); // wrong
  await client.items.update("1", "2", { generated_content: { describtion: "<p>Ours</p>" } }); // wrong
  await client.items.get("1", "2", { field: "id" }); // wrong
  new Client("https://api.example.com", { apiKey: "x" }); // wrong
  for (const item of client.items.list("1")) console.log(item); // wrong
}
