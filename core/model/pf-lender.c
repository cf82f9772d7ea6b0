/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Says who lent what is on vfio-pci without a record of ours, and how it is given back. The kernel keeps no record of
 * that either. So we look for what would lend the device again. An override is the only trace on the function
 * itself; of new_id and bind nothing is left to see. */

#include "pf-lender.h"

#include <string.h>

#define MAX_IDS 64 /* of one parameter; the kernel's buffer has 1024 bytes (drivers/vfio/pci/vfio_pci.c) */
#define MAX_OPTIONS 64 /* lines of modprobe.d that count */
#define ANY 0xffffffff /* PCI_ANY_ID */

static void
free_option (gpointer data)
{
  PfLenderOption *option = data;

  g_free (option->file);
  g_free (option->ids);
  g_free (option);
}

/**
 * pf_lender_facts_new:
 *
 * Returns: (transfer full): facts of which nothing is known yet
 */
PfLenderFacts *
pf_lender_facts_new (void)
{
  PfLenderFacts *facts = g_new0 (PfLenderFacts, 1);

  facts->options = g_ptr_array_new_with_free_func (free_option);
  facts->driverctl = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return facts;
}

/**
 * pf_lender_facts_free:
 * @facts: (transfer full): facts
 */
void
pf_lender_facts_free (PfLenderFacts *facts)
{
  g_free (facts->cmdline);
  g_free (facts->module_ids);
  g_ptr_array_unref (facts->options);
  g_hash_table_unref (facts->driverctl);
  g_free (facts);
}

/* The kernel and modprobe take "-" and "_" in a module's name for the same. */
static gboolean
is_vfio_module (const char *name, gsize length)
{
  return length == strlen ("vfio-pci")
         && (strncmp (name, "vfio-pci", length) == 0 || strncmp (name, "vfio_pci", length) == 0);
}

/* Returns: (transfer full): what is in quotes or not: "ids=…" may be quoted as a whole or in part */
static char *
unquote (const char *word)
{
  g_auto (GStrv) parts = g_strsplit (word, "\"", -1);

  return g_strjoinv ("", parts);
}

/* One line of modprobe.d(5): "options MODULE NAME=VALUE NAME=VALUE ...". */
static void
add_line (PfLenderFacts *facts, const char *file, const char *line)
{
  g_auto (GStrv) words = g_strsplit_set (line, " \t\r", -1);
  guint position = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = unquote (words[i]);

      if (*word == '\0')
        continue;
      if ((position == 0 && strcmp (word, "options") != 0)
          || (position == 1 && !is_vfio_module (word, strlen (word))))
        return;
      if (position > 1 && g_str_has_prefix (word, "ids=") && facts->options->len < MAX_OPTIONS)
        {
          PfLenderOption *option = g_new0 (PfLenderOption, 1);

          option->file = g_strdup (file);
          option->ids = g_strdup (word + strlen ("ids="));
          g_ptr_array_add (facts->options, option);
        }
      position++;
    }
}

/**
 * pf_lender_facts_add_options:
 * @facts: facts
 * @file: path of a file of modprobe's configuration, for people
 * @text: what is in it
 *
 * Takes over what the file tells vfio-pci, by the rules of modprobe.d(5): "#" begins a comment, and a
 * backslash at the end of a line goes on with the next.
 */
void
pf_lender_facts_add_options (PfLenderFacts *facts, const char *file, const char *text)
{
  g_auto (GStrv) pieces = g_strsplit (text, "\\\n", -1);
  g_autofree char *joined = g_strjoinv (" ", pieces);
  g_auto (GStrv) lines = g_strsplit (joined, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    add_line (facts, file, g_strchug (lines[i]));
}

/**
 * pf_lender_facts_add_driverctl:
 * @facts: facts
 * @address: PCI address, the name of a file in /etc/driverctl.d
 * @driver: what is in it
 */
void
pf_lender_facts_add_driverctl (PfLenderFacts *facts, const char *address, const char *driver)
{
  g_hash_table_insert (facts->driverctl, g_strdup (address), g_strstrip (g_strdup (driver)));
}

static gboolean
parse_hex (const char *word, guint32 *number)
{
  guint64 value;

  if (word == NULL || *word == '\0')
    return TRUE;
  if (g_str_has_prefix (word, "0x") || g_str_has_prefix (word, "0X"))
    word += 2;
  if (strlen (word) > 8 || !g_ascii_string_to_unsigned (word, 16, 0, G_MAXUINT32, &value, NULL))
    return FALSE;
  *number = (guint32) value;
  return TRUE;
}

static gboolean
fits (guint32 wanted, guint32 is)
{
  return wanted == ANY || wanted == is;
}

/* One entry, by the rules of vfio_pci_fill_ids() and pci_match_one_device(). The mask says which bits of a class
 * count; without a mask none does. */
static gboolean
entry_matches (const char *entry, const PfLenderDevice *device)
{
  guint32 numbers[] = { ANY, ANY, ANY, ANY, 0, 0 };
  g_auto (GStrv) words = g_strsplit (entry, ":", G_N_ELEMENTS (numbers));
  guint count = g_strv_length (words);

  if (count < 2 || *words[0] == '\0' || *words[1] == '\0')
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (!parse_hex (words[i], &numbers[i]))
      return FALSE;
  return fits (numbers[0], device->vendor) && fits (numbers[1], device->device)
         && fits (numbers[2], device->subsystem_vendor) && fits (numbers[3], device->subsystem_device)
         && ((numbers[4] ^ device->class_code) & numbers[5]) == 0;
}

/**
 * pf_lender_ids_match:
 * @ids: (nullable): a value of vfio-pci's parameter ids:
 * "VENDOR:DEVICE[:SUBVENDOR[:SUBDEVICE[:CLASS[:MASK]]]],..."
 * @device: a function
 *
 * Returns: whether vfio-pci takes it by that
 */
gboolean
pf_lender_ids_match (const char *ids, const PfLenderDevice *device)
{
  g_auto (GStrv) entries = g_strsplit (ids != NULL ? ids : "", ",", MAX_IDS);

  for (guint i = 0; entries[i] != NULL; i++)
    if (entry_matches (g_strstrip (entries[i]), device))
      return TRUE;
  return FALSE;
}

/* Returns: (transfer full) (nullable): the parameter of the kernel's command line that names @device, as it
 * stands there */
static char *
find_parameter (const PfLenderFacts *facts, const PfLenderDevice *device)
{
  g_auto (GStrv) words = g_strsplit_set (facts->cmdline != NULL ? facts->cmdline : "", " \t\n", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = unquote (words[i]);
      const char *dot = strchr (word, '.');

      if (dot != NULL && is_vfio_module (word, (gsize) (dot - word)) && g_str_has_prefix (dot, ".ids=")
          && pf_lender_ids_match (dot + strlen (".ids="), device))
        return g_steal_pointer (&word);
    }
  return NULL;
}

static const PfLenderOption *
find_option (const PfLenderFacts *facts, const PfLenderDevice *device)
{
  for (guint i = 0; i < facts->options->len; i++)
    {
      const PfLenderOption *option = facts->options->pdata[i];

      if (pf_lender_ids_match (option->ids, device))
        return option;
    }
  return NULL;
}

static guint
find_ids (const PfLenderFacts *facts, const PfLenderDevice *device)
{
  g_autofree char *parameter = find_parameter (facts, device);
  guint lenders = 0;

  if (parameter != NULL)
    lenders |= PF_LENDER_COMMAND_LINE;
  if (find_option (facts, device) != NULL)
    lenders |= PF_LENDER_MODPROBE;
  if (lenders == 0 && pf_lender_ids_match (facts->module_ids, device))
    lenders |= PF_LENDER_MODULE;
  return lenders;
}

/**
 * pf_lender_find:
 * @facts: what is known
 * @device: a function that is lent, and not by us
 *
 * An override beats the module's ids while it is set; both are told, for both have to go.
 *
 * Returns: #PfLender flags: who lent it; 0 when nothing is left to see of that
 */
guint
pf_lender_find (const PfLenderFacts *facts, const PfLenderDevice *device)
{
  /* The ids are those of vfio-pci itself; variants have none. */
  guint lenders = g_strcmp0 (device->driver, "vfio-pci") == 0 ? find_ids (facts, device) : 0;
  const char *kept = g_hash_table_lookup (facts->driverctl, device->address);

  if (device->driver_override == NULL || *device->driver_override == '\0')
    return lenders;
  if (g_strcmp0 (kept, device->driver_override) == 0)
    return lenders | PF_LENDER_DRIVERCTL;
  return lenders | PF_LENDER_OVERRIDE;
}

/**
 * pf_lender_get_code:
 * @lenders: #PfLender flags
 *
 * Returns: (transfer none): the first of them for programs, the most lasting first: "command-line",
 * "modprobe", "driverctl", "module", "override"; "script" for none
 */
const char *
pf_lender_get_code (guint lenders)
{
  static const struct
  {
    PfLender lender;
    const char *code;
  } codes[] = {
    { PF_LENDER_COMMAND_LINE, "command-line" }, { PF_LENDER_MODPROBE, "modprobe" },
    { PF_LENDER_DRIVERCTL, "driverctl" },       { PF_LENDER_MODULE, "module" },
    { PF_LENDER_OVERRIDE, "override" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if ((lenders & codes[i].lender) != 0)
      return codes[i].code;
  return "script";
}

static void append (GString *text, const char *separator, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
append (GString *text, const char *separator, const char *format, ...)
{
  va_list arguments;

  if (text->len > 0)
    g_string_append (text, separator);
  va_start (arguments, format);
  g_string_append_vprintf (text, format, arguments);
  va_end (arguments);
}

/**
 * pf_lender_describe:
 * @facts: what is known
 * @device: a function that is lent, and not by us
 *
 * Returns: (transfer full): who lent it, in words that go on after "lent by"
 */
char *
pf_lender_describe (const PfLenderFacts *facts, const PfLenderDevice *device)
{
  guint lenders = pf_lender_find (facts, device);
  g_autofree char *parameter = find_parameter (facts, device);
  const PfLenderOption *option = find_option (facts, device);
  GString *text = g_string_new (NULL);

  if ((lenders & PF_LENDER_COMMAND_LINE) != 0)
    append (text, " and ", "the kernel's command line (%s)", parameter);
  if ((lenders & PF_LENDER_MODPROBE) != 0)
    append (text, " and ", "%s (options vfio-pci ids=%s)", option->file, option->ids);
  if ((lenders & PF_LENDER_MODULE) != 0)
    append (text, " and ", "the parameter ids=%s that the module vfio-pci was loaded with",
            facts->module_ids);
  if ((lenders & PF_LENDER_DRIVERCTL) != 0)
    append (text, " and ", "driverctl (/etc/driverctl.d/%s)", device->address);
  if ((lenders & PF_LENDER_OVERRIDE) != 0)
    append (text, " and ", "a driver_override, as libvirt, a script or a lost record of Portferry leaves it");
  if (lenders == 0)
    append (text, "", "a script, which bound it to %s and left no trace", device->driver);
  return g_string_free (text, FALSE);
}

/* "pci_0000_02_00_0", as virsh names it */
static char *
make_libvirt_name (const char *address)
{
  return g_strdelimit (g_strconcat ("pci_", address, NULL), ":.", '_');
}

/**
 * pf_lender_advise_for_good:
 * @facts: what is known
 * @device: a function that is lent, and not by us
 *
 * Returns: (transfer full): how to keep it from being given away again at the next boot, or when the module
 * is loaded again; "" where nothing would do that
 */
char *
pf_lender_advise_for_good (const PfLenderFacts *facts, const PfLenderDevice *device)
{
  guint lenders = pf_lender_find (facts, device);
  GString *text = g_string_new (NULL);
  g_autofree char *parameter = find_parameter (facts, device);
  const PfLenderOption *option = find_option (facts, device);

  if ((lenders & PF_LENDER_COMMAND_LINE) != 0)
    append (text, " ",
            "For good: take %s off the kernel's command line (in Debian in /etc/default/grub, then run "
            "update-grub), and "
            "restart the computer.",
            parameter);
  if ((lenders & PF_LENDER_MODPROBE) != 0)
    append (text, " ",
            "For good: take the line “options vfio-pci ids=%s” out of %s, run update-initramfs -u, and "
            "restart the "
            "computer.",
            option->ids, option->file);
  if ((lenders & PF_LENDER_MODULE) != 0)
    append (text, " ", "For good: load the module vfio-pci without ids=%s, or restart the computer.",
            facts->module_ids);
  if ((lenders & PF_LENDER_DRIVERCTL) != 0)
    append (text, " ", "For good: driverctl unset-override %s.", device->address);
  return g_string_free (text, FALSE);
}

/* What is to be done now; take-home goes only where the advice says so. */
static char *
advise_now (const PfLenderFacts *facts, const PfLenderDevice *device, gboolean held, const char *refused)
{
  g_autofree char *libvirt = make_libvirt_name (device->address);

  if (held)
    return g_strdup_printf ("Shut the virtual machine down that holds it first; where libvirt manages the device "
                            "(managed='yes') it then "
                            "comes home by itself. If it does not: portferryctl take-home %s.",
                            device->address);
  if (refused != NULL)
    return g_strdup_printf ("Not now: %s", refused);
  if (pf_lender_find (facts, device) == PF_LENDER_OVERRIDE)
    return g_strdup_printf ("Now: portferryctl take-home %s (or, where libvirt detached it: virsh nodedev-reattach %s).",
                            device->address, libvirt);
  return g_strdup_printf ("Now: portferryctl take-home %s.", device->address);
}

/**
 * pf_lender_advise:
 * @facts: what is known
 * @device: a function that is lent, and not by us
 * @held: a process has its group open, and nothing else speaks against taking it home
 * @refused: (nullable): why it is not taken home now, whatever its lender does; NULL where it is
 *
 * Returns: (transfer full): how it is given back, as sentences
 */
char *
pf_lender_advise (const PfLenderFacts *facts, const PfLenderDevice *device, gboolean held, const char *refused)
{
  g_autofree char *for_good = pf_lender_advise_for_good (facts, device);
  g_autofree char *now = advise_now (facts, device, held, refused);
  GString *text = g_string_new (now);

  if (*for_good != '\0' && strstr (now, for_good) == NULL)
    append (text, " ", "%s", for_good);
  return g_string_free (text, FALSE);
}
