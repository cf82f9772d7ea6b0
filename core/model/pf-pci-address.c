/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-pci-address.h"

#include <string.h>

#include "pf-error.h"
#include "pf-text.h"

typedef struct
{
  guint32 domain;
  guint8 bus;
  guint8 device;
  guint8 function;
} Parts;

/* Reads exactly @digits hex digits and moves @text behind them. */
static gboolean
take_hex (const char **text, guint digits, guint32 *value)
{
  *value = 0;
  for (guint i = 0; i < digits; i++)
    {
      int digit = g_ascii_xdigit_value ((*text)[i]);

      if (digit < 0)
        return FALSE;
      *value = *value * 16 + (guint32) digit;
    }
  *text += digits;
  return TRUE;
}

/* The part before the first colon of two is the domain. The kernel prints it with at least four digits and no more
 * zeros than that ("%04x", drivers/pci/probe.c), and so only "10000" and up may have five to eight. */
static gboolean
take_domain (const char **text, guint32 *domain)
{
  const char *colon = strchr (*text, ':');
  gsize digits;

  *domain = 0;
  if (colon == NULL || strchr (colon + 1, ':') == NULL)
    return colon != NULL;
  digits = (gsize) (colon - *text);
  if (digits < 4 || digits > 8 || (digits > 4 && **text == '0'))
    return FALSE;
  if (!take_hex (text, (guint) digits, domain))
    return FALSE;
  (*text)++;
  return TRUE;
}

static gboolean
parse (const char *text, Parts *parts)
{
  guint32 bus, device, function;

  if (!take_domain (&text, &parts->domain))
    return FALSE;
  if (!take_hex (&text, 2, &bus) || *text++ != ':')
    return FALSE;
  if (!take_hex (&text, 2, &device) || *text++ != '.' || device > 0x1f)
    return FALSE;
  if (!take_hex (&text, 1, &function) || *text != '\0' || function > 7)
    return FALSE;
  parts->bus = (guint8) bus;
  parts->device = (guint8) device;
  parts->function = (guint8) function;
  return TRUE;
}

static char *
format (const Parts *parts)
{
  return g_strdup_printf ("%04x:%02x:%02x.%x", parts->domain, parts->bus, parts->device, parts->function);
}

/**
 * pf_pci_address_normalize:
 * @text: an address as people type it: "21:00.3", "0000:21:00.3", "10000:E1:00.0"
 * @error: PF_ERROR_INVALID_ARGUMENT for anything else
 *
 * Returns: (transfer full): the address as the kernel writes it, for example "0000:21:00.3"
 */
char *
pf_pci_address_normalize (const char *text, GError **error)
{
  g_autofree char *shown = NULL;
  Parts parts;

  if (parse (text, &parts))
    return format (&parts);
  shown = pf_text_clean (text, strnlen (text, 40));
  g_set_error (error, PF_ERROR, PF_ERROR_INVALID_ARGUMENT,
               "“%s” is not a PCI address. One looks like 0000:21:00.3, or 21:00.3 for short; lspci -D lists them.",
               shown);
  return NULL;
}

/**
 * pf_pci_address_is_canonical:
 * @text: any text
 *
 * Returns: whether @text is an address exactly as the kernel writes it
 */
gboolean
pf_pci_address_is_canonical (const char *text)
{
  g_autofree char *canonical = pf_pci_address_normalize (text, NULL);

  return g_strcmp0 (text, canonical) == 0;
}

/**
 * pf_pci_address_compare:
 * @a: an address, or another name
 * @b: an address, or another name
 *
 * Orders by domain, bus, device and function, and puts what is no address last.
 *
 * Returns: less than, equal to or greater than 0
 */
int
pf_pci_address_compare (const char *a, const char *b)
{
  Parts x, y;
  gboolean a_is_address = parse (a, &x), b_is_address = parse (b, &y);

  if (!a_is_address || !b_is_address)
    return a_is_address != b_is_address ? b_is_address - a_is_address : strcmp (a, b);
  if (x.domain != y.domain)
    return x.domain < y.domain ? -1 : 1;
  return ((x.bus << 8 | x.device << 3 | x.function) - (y.bus << 8 | y.device << 3 | y.function));
}

/**
 * pf_pci_address_to_path_element:
 * @address: a canonical address
 *
 * Returns: (transfer full): the address with what an object path cannot have as "_", for example "0000_21_00_3"
 */
char *
pf_pci_address_to_path_element (const char *address)
{
  return g_strdelimit (g_strdup (address), ":.", '_');
}
