/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which host devices a libvirt domain has: https://libvirt.org/formatdomain.html, "Host device assignment".
 */

#include "pf-libvirt-xml.h"

#include "pf-pci-address.h"

typedef struct
{
  const char *wanted; /* a normal PCI address */
  gboolean here;      /* in a <hostdev> that has it */
  gboolean found;
  char *alias; /* of the <hostdev> that is read, then of the one found */
} Search;

/* As libvirt writes it: hexadecimal after "0x", decimal without. What is left out is 0. Returns FALSE for what is no number
 * that fits. */
static gboolean
read_number (const char **names, const char **values, const char *name, guint64 *number)
{
  *number = 0;
  for (guint i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      {
        gboolean hexadecimal = g_str_has_prefix (values[i], "0x");

        return g_ascii_string_to_unsigned (values[i] + (hexadecimal ? 2 : 0), hexadecimal ? 16 : 10, 0, G_MAXUINT32,
                                           number, NULL);
      }
  return TRUE;
}

static gboolean
is_wanted (const Search *search, const char **names, const char **values)
{
  guint64 domain, bus, slot, function;
  g_autofree char *text = NULL;

  if (!read_number (names, values, "domain", &domain) || !read_number (names, values, "bus", &bus)
      || !read_number (names, values, "slot", &slot) || !read_number (names, values, "function", &function))
    return FALSE;
  text = g_strdup_printf ("%04x:%02x:%02x.%x", (guint) domain, (guint) bus, (guint) slot, (guint) function);
  return g_str_equal (text, search->wanted);
}

static gboolean
is_inside (const GSList *stack, const char *parent)
{
  return stack->next != NULL && g_str_equal (stack->next->data, parent);
}

static void
start_element (GMarkupParseContext *context,
               const char *element,
               const char **names,
               const char **values,
               gpointer user_data,
               GError **error)
{
  Search *search = user_data;
  const GSList *stack = g_markup_parse_context_get_element_stack (context);

  if (search->found)
    return;
  if (g_str_equal (element, "hostdev"))
    {
      search->here = FALSE;
      g_clear_pointer (&search->alias, g_free);
    }
  /* The other <address> of a <hostdev> is where the guest sees it. */
  else if (g_str_equal (element, "address") && is_inside (stack, "source") && stack->next->next != NULL
           && g_str_equal (stack->next->next->data, "hostdev"))
    search->here = is_wanted (search, names, values);
  else if (g_str_equal (element, "alias") && is_inside (stack, "hostdev"))
    for (guint i = 0; names[i] != NULL; i++)
      if (g_str_equal (names[i], "name") && search->alias == NULL)
        search->alias = g_strdup (values[i]);
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  Search *search = user_data;

  if (g_str_equal (element, "hostdev"))
    search->found = search->found || search->here;
}

/**
 * pf_libvirt_xml_find_device:
 * @xml: (nullable): a domain as libvirt describes it
 * @controller: a PCI address
 * @alias: (out) (transfer full) (nullable): what libvirt calls the device, where it has it and calls it so
 *
 * Returns: whether the domain has @controller; FALSE for what is no XML
 */
gboolean
pf_libvirt_xml_find_device (const char *xml, const char *controller, char **alias)
{
  static const GMarkupParser parser = { .start_element = start_element, .end_element = end_element };
  g_autofree char *wanted = pf_pci_address_normalize (controller, NULL);
  Search search = { .wanted = wanted };
  g_autoptr (GMarkupParseContext) context = NULL;

  *alias = NULL;
  if (xml == NULL || wanted == NULL)
    return FALSE;
  context = g_markup_parse_context_new (&parser, 0, &search, NULL);
  search.found = g_markup_parse_context_parse (context, xml, -1, NULL)
                 && g_markup_parse_context_end_parse (context, NULL) && search.found;
  if (search.found)
    *alias = g_steal_pointer (&search.alias);
  g_free (search.alias);
  return search.found;
}
