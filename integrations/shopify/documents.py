"""The GraphQL documents, for the pinned version: https://shopify.dev/docs/api/admin-graphql."""

import json

from integrations.shopify.metafields import Places

SHOP = """query Shop { shop { id name myshopifyDomain primaryDomain { host url } currencyCode }
 currentAppInstallation { accessScopes { handle } } }"""

FACETS = """query Facets($after: String) {
 collections(first: 250, after: $after, sortKey: TITLE) { pageInfo { hasNextPage endCursor } nodes { id title } }
 productTypes(first: 200) { nodes } productVendors(first: 200) { nodes } productTags(first: 200) { nodes } }"""

COUNT = "query Count($q: String) { productsCount(query: $q, limit: null) { count precision } }"
COLLECTIONS_COUNT = "query CollectionsCount { collectionsCount(limit: null) { count } }"

VARIANT = """id legacyResourceId title sku barcode price position selectedOptions { name value }"""

_PRODUCT = """id legacyResourceId title handle descriptionHtml status productType vendor tags onlineStoreUrl
 seo { title description } category { id fullName } hasOnlyDefaultVariant
 options { id name position values }
 priceRangeV2 { minVariantPrice { amount currencyCode } }"""

# The lists of a product, each with what is read of its entries, and how many come along with a page of products.
LISTS = {
    "variants": (VARIANT, 10),
    "media": ("id alt mediaContentType ... on MediaImage { image { url altText } }", 4),
    "collections": ("id title", 4),
    "metafields": ("id namespace key type value", 8),
}
_ALONG = " ".join(
    f"{name}(first: {first}) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ {entry} }} }}"
    for name, (entry, first) in LISTS.items()
)

PRODUCTS = f"""query Products($n: Int!, $after: String, $q: String) {{
 products(first: $n, after: $after, query: $q, sortKey: ID) {{ pageInfo {{ hasNextPage endCursor }} nodes {{
 {_PRODUCT} {_ALONG} }} }} }}"""


def rest(name: str) -> str:
    """The query for more entries of one list of a product."""
    page = f"pageInfo {{ hasNextPage endCursor }} nodes {{ {LISTS[name][0]} }}"
    asked = f"{name}(first: 250, after: $after) {{ {page} }}"
    return f"query {name.capitalize()}($id: ID!, $after: String) {{ product(id: $id) {{ {asked} }} }}"


def everything(query: str) -> str:
    """All products that match, with all of their lists: the query of a bulk operation, which may have five connections at two levels, by edges.
    https://shopify.dev/docs/api/usage/bulk-operations/queries"""
    lists = " ".join(f"{name} {{ edges {{ node {{ {entry} }} }} }}" for name, (entry, _) in LISTS.items())
    return f"{{ products(query: {json.dumps(query, ensure_ascii=False)}) {{ edges {{ node {{ {_PRODUCT} {lists} }} }} }} }}"


BULK_RUN = """mutation BulkRun($query: String!) { bulkOperationRunQuery(query: $query) {
 bulkOperation { id status } userErrors { code field message } } }"""
_BULK = "id status errorCode url query"
# A node can be asked for in every version of the API.
BULK_LOOK = f"query BulkLook($id: ID!) {{ node(id: $id) {{ ... on BulkOperation {{ {_BULK} }} }} }}"
BULK_CURRENT = f"query BulkCurrent {{ currentBulkOperation(type: QUERY) {{ {_BULK} }} }}"
BULK_CANCEL = """mutation BulkCancel($id: ID!) { bulkOperationCancel(id: $id) {
 bulkOperation { id status } userErrors { field message } } }"""

COLLECTIONS = """query Collections($n: Int!, $after: String) { collections(first: $n, after: $after, sortKey: ID) {
 pageInfo { hasNextPage endCursor }
 nodes { id legacyResourceId title handle descriptionHtml seo { title description } image { url altText } } } }"""

_TEXTS = "id title handle descriptionHtml updatedAt seo { title description }"

_OPTIONS = "hasOnlyDefaultVariant options { name }"

STAMPS = """query Stamps($ids: [ID!]!) {
 nodes(ids: $ids) { ... on Product { id updatedAt } ... on Collection { id updatedAt } } }"""


_OWN = "pageInfo { hasNextPage endCursor } nodes { key type value }"

OWN = f"""query Own($id: ID!, $ns: String!, $after: String) {{ product(id: $id) {{
 own: metafields(namespace: $ns, first: 100, after: $after) {{ {_OWN} }} }} }}"""

DEFINITIONS = """query Definitions($ns: String!, $after: String) {
 metafieldDefinitions(ownerType: PRODUCT, namespace: $ns, first: 100, after: $after) {
 pageInfo { hasNextPage endCursor } nodes { key name type { name } } } }"""

DEFINE = """mutation Define($definition: MetafieldDefinitionInput!) {
 metafieldDefinitionCreate(definition: $definition) { userErrors { field message } } }"""

OWN_FIRST = 20  # metafields of a namespace per product; further ones need calls of their own


def _metafields(places: Places) -> str:
    """One aliased selection per chosen metafield, `m<n>`, and the attributes' whole namespace as `own`."""
    parts = [key.rsplit(".", 1) for key in places.keys]
    one_by_one = [
        f'm{i}: metafield(namespace: "{ns}", key: "{key}") {{ type value }}' for i, (ns, key) in enumerate(parts)
    ]
    whole = f'own: metafields(namespace: "{places.namespace}", first: {OWN_FIRST}) {{ {_OWN} }}'
    return " ".join([*one_by_one, *([whole] if places.namespace else [])])


def texts(places: Places) -> str:
    """The query for the current texts of many products and collections, by id."""
    fields = f"{_TEXTS} tags {_OPTIONS} {_metafields(places)}"
    return f"query Texts($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Product {{ {fields} }} ... on Collection {{ {_TEXTS} }} }} }}"


def texts_by_handle(places: Places) -> str:
    return (
        "query ByHandle($n: Int!, $q: String!) { products(first: $n, query: $q, sortKey: ID) { nodes { "
        f"{_TEXTS} tags {_OPTIONS} {_metafields(places)} }} }} }}"
    )


def updates(kinds: list[str], cleared: set[int], written: list[Places]) -> str:
    """One document that updates many items: each has an aliased mutation `p<n>`, and those in `cleared` a `d<n>` that
    deletes metafields. Each product answers with the metafields `written` to it."""
    declared, parts = [], []
    for n, kind in enumerate(kinds):
        if kind == "product":
            declared.append(f"$p{n}: ProductUpdateInput!")
            answer = f"product {{ {_TEXTS} tags {_metafields(written[n])} }}"
            parts.append(f"p{n}: productUpdate(product: $p{n}) {{ {answer} userErrors {{ field message }} }}")
        else:
            declared.append(f"$p{n}: CollectionInput!")
            answer = f"collection {{ {_TEXTS} }}"
            parts.append(f"p{n}: collectionUpdate(input: $p{n}) {{ {answer} userErrors {{ field message }} }}")
        if n in cleared:
            declared.append(f"$d{n}: [MetafieldIdentifierInput!]!")
            parts.append(f"d{n}: metafieldsDelete(metafields: $d{n}) {{ userErrors {{ field message }} }}")
    return f"mutation Updates({', '.join(declared)}) {{ {' '.join(parts)} }}"


WEBHOOK = """mutation Webhook($topic: WebhookSubscriptionTopic!, $uri: String!) {
 webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri }) { userErrors { field message } } }"""

BLOGS = "query Blogs { blogs(first: 250) { nodes { id title handle } } }"
_ARTICLE = """id title handle body summary isPublished publishedAt blog { id handle } tags image { url }
 seo_title: metafield(namespace: "global", key: "title_tag") { value }
 seo_description: metafield(namespace: "global", key: "description_tag") { value }"""
ARTICLE = f"query Article($id: ID!) {{ article(id: $id) {{ {_ARTICLE} }} }}"
ARTICLES = f"query Articles($q: String!) {{ articles(first: 50, query: $q) {{ nodes {{ {_ARTICLE} }} }} }}"
ARTICLE_CREATE = f"""mutation ArticleCreate($article: ArticleCreateInput!) {{
 articleCreate(article: $article) {{ article {{ {_ARTICLE} }} userErrors {{ code field message }} }} }}"""
ARTICLE_UPDATE = f"""mutation ArticleUpdate($id: ID!, $article: ArticleUpdateInput!) {{
 articleUpdate(id: $id, article: $article) {{ article {{ {_ARTICLE} }} userErrors {{ code field message }} }} }}"""
LOCALES = "query Locales { shopLocales { locale name primary published } }"

IDS_BY_HANDLE = """query IdsByHandle($n: Int!, $q: String!) {
 products(first: $n, query: $q, sortKey: ID) { nodes { id handle } } }"""

TRANSLATIONS = """query Translations($ids: [ID!]!, $n: Int!, $locale: String!, $after: String) {
 translatableResourcesByIds(resourceIds: $ids, first: $n, after: $after) { pageInfo { hasNextPage endCursor } nodes {
  resourceId translatableContent { key digest } translations(locale: $locale) { key value market { id } } } } }"""

ARTICLE_TRANSLATIONS = """query ArticleTranslations($id: ID!, $locale: String!) { article(id: $id) { handle isPublished blog { handle } }
 translatableResource(resourceId: $id) {
  resourceId translatableContent { key digest } translations(locale: $locale) { key value outdated market { id } } } }"""


def metafield_ids(places: Places) -> str:
    """The query for the chosen metafields' own ids, under which their translations are kept."""
    parts = [key.rsplit(".", 1) for key in places.keys]
    fields = " ".join(
        f'm{n}: metafield(namespace: "{ns}", key: "{key}") {{ id type }}' for n, (ns, key) in enumerate(parts)
    )
    return f"query MetafieldIds($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Product {{ id {fields} }} }} }}"


def translate(parts: list[tuple[int, bool, bool]]) -> str:
    """One document that writes translations of many resources. Each part is `(n, keeps, removes)`: the aliases `t<n>` for
    texts that are kept and `d<n>` for texts that go."""
    declared, asked = [], []
    if any(removes for _, _, removes in parts):
        declared.append("$locales: [String!]!")
    for n, keeps, removes in parts:
        declared.append(f"$r{n}: ID!")
        if keeps:
            declared.append(f"$t{n}: [TranslationInput!]!")
            answer = "userErrors { code field message }"
            asked.append(f"t{n}: translationsRegister(resourceId: $r{n}, translations: $t{n}) {{ {answer} }}")
        if removes:
            declared.append(f"$k{n}: [String!]!")
            given = f"resourceId: $r{n}, translationKeys: $k{n}, locales: $locales"
            answer = "userErrors { code field message }"
            asked.append(f"d{n}: translationsRemove({given}) {{ {answer} }}")
    return f"mutation Translate({', '.join(declared)}) {{ {' '.join(asked)} }}"


def quote(value: str) -> str:
    """A value in Shopify's search syntax."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
