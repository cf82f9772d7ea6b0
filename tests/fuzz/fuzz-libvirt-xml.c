/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: how libvirt describes a virtual machine. */
#include <string.h>

#include "pf-fuzz.h"
#include "pf-libvirt-xml.h"

#define CONTROLLER "0000:00:1a.0"
#define FOUND                                                                                                \
  "<domain><devices><hostdev><source><address domain='0x0000' bus='0x00' slot='0x1a' "                       \
  "function='0x0'/></source>"                                                                                \
  "<alias name='%s'/></hostdev></devices></domain>"

const char *const pf_fuzz_words[] = {
  "<domain>",
  "</domain>",
  "<devices>",
  "</devices>",
  "<hostdev mode='subsystem' type='pci' managed='no'>",
  "<hostdev>",
  "</hostdev>",
  "<source>",
  "</source>",
  "<address ",
  "domain='0x0000' ",
  "bus='0x00' ",
  "slot='0x1a' ",
  "function='0x0' ",
  "slot='26' ",
  "type='pci' ",
  "/>",
  "<alias name='hostdev0'/>",
  "<alias name='",
  "'/>",
  "&lt;",
  "&amp;",
  "&#27;",
  "&#0;",
  "&#x10ffff;",
  "<!--",
  "-->",
  "<![CDATA[",
  "]]>",
  "<?xml version='1.0'?>",
  "'",
  "\"",
  "<",
  ">",
  NULL,
};

static gboolean
take (const char *xml, char **alias)
{
  gboolean found = pf_libvirt_xml_find_device (xml, CONTROLLER, alias);

  g_assert_true (found || *alias == NULL);
  if (*alias != NULL)
    g_assert_true (g_utf8_validate (*alias, -1, NULL));
  if (found)
    g_assert_nonnull (strstr (xml, "hostdev"));
  return found;
}

/* Whatever it is called, it is found, and by that name. */
static void
check_alias (const char *text)
{
  g_autofree char *name = g_markup_escape_text (text, -1);
  g_autofree char *xml = g_strdup_printf (FOUND, name);
  g_autofree char *alias = NULL;

  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c)) /* XML has no way to write some of them, and reads others as blanks */
      return;
  g_assert_true (take (xml, &alias));
  g_assert_cmpstr (alias, ==, text);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = pf_fuzz_to_text (data, size);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *alias = NULL;
  g_autofree char *of_valid = NULL;
  g_autofree char *other = NULL;

  take (text, &alias);
  take (valid, &of_valid);
  check_alias (valid);
  /* What is no address is in no machine. */
  g_assert_false (pf_libvirt_xml_find_device (text, "nonsense", &other));
  return 0;
}
