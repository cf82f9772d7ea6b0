/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads and writes the record of what is lent, and believes nothing that is damaged. */

#include <string.h>

#include "pf-error.h"
#include "pf-key-text.h"
#include "pf-loan-devices.h"
#include "pf-loans.h"
#include "pf-pci-address.h"
#include "pf-text.h"

/* The format of /run/portferry/loans, a keyfile:
 *
 *   [Loans]
 *   Format=2
 *   Profile=windows            the profile in force; absent for home
 *   Previous=home              the one before it
 *   Input=true                 a keyboard or pointer was lent since the last time at home
 *
 *   [Group 7]                  one for each IOMMU group given away
 *   Node=0:0:600               owner, group and mode (octal) of /dev/vfio/7 before
 *   Members=0000:00:07.0;...   its functions; for each of them, where there was one:
 *   Driver-0000:00:07.0=ehci-pci
 *   Override-0000:00:07.0=...  only where somebody else had set it before
 *   DeviceNode-0000:00:07.1=0:0:600
 *                              the same of the node of a function that others had lent
 *   Taken=true                 a process has had it open since
 *   WantedHome=true            everything was called home while a process had it
 *
 *   [Routing 0000:00:14.0]     one for each router that was changed: what was before the switch away from home
 *   Home=0x00003fff            XUSB2PR
 *   SuperSpeed=0x0000003f      USB3_PSSEN
 *   Power=auto                 power/control: auto or on
 *
 *   # SHA-256 9f86d0...        the last line: over all bytes before it
 *
 * A file is damaged when it does not match its checksum, or has a group or key that is not listed here. It
 * must never be read as less than was lent. Format 1 is the same without the checksum; see pf_loans_parse().
 */

#define FORMAT 2
#define FORMAT_UNCHECKED 1
#define CHECKSUM_PREFIX "# SHA-256 "
#define CHECKSUM_DIGITS 64
#define MAX_SIZE 65536

static const char *const loans_keys[] = { "Format", "Profile", "Previous", "Input", NULL };
static const char *const group_keys[] = { "Node", "Members", "Taken", "WantedHome", NULL };
/* Each with the address of a member after it. */
static const char *const member_keys[] = { "Driver-", "Override-", "DeviceNode-", NULL };
static const char *const setting_keys[PF_N_ROUTER_SETTINGS + 1] = { "Home", "SuperSpeed", "Power", NULL };
static const char *const power_names[] = { [PF_POWER_AUTO] = "auto", [PF_POWER_ON] = "on" };

static char *
member_key (const char *what, const char *address)
{
  return g_strconcat (what, "-", address, NULL);
}

static void
write_loan (GKeyFile *file, const PfLoan *loan)
{
  g_autofree char *group = g_strdup_printf ("Group %d", loan->group);
  g_autofree char *node = g_strdup_printf ("%u:%u:%o", loan->node.uid, loan->node.gid, loan->node.mode);
  g_autoptr (GPtrArray) addresses = g_ptr_array_new ();

  g_key_file_set_string (file, group, "Node", node);
  for (guint i = 0; i < loan->members->len; i++)
    {
      const PfLoanMember *member = loan->members->pdata[i];
      g_autofree char *driver_key = member_key ("Driver", member->address);
      g_autofree char *override_key = member_key ("Override", member->address);

      g_ptr_array_add (addresses, member->address);
      if (member->driver != NULL)
        g_key_file_set_string (file, group, driver_key, member->driver);
      if (member->driver_override != NULL)
        g_key_file_set_string (file, group, override_key, member->driver_override);
    }
  pf_loan_devices_write (loan, file, group);
  if (loan->taken)
    g_key_file_set_boolean (file, group, "Taken", TRUE);
  if (loan->wanted_home)
    g_key_file_set_boolean (file, group, "WantedHome", TRUE);
  g_key_file_set_string_list (file, group, "Members", (const char *const *) addresses->pdata, addresses->len);
}

static void
write_homes (GKeyFile *file, const PfLoans *loans)
{
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    {
      GHashTableIter iter;
      gpointer router, value;

      g_hash_table_iter_init (&iter, loans->homes[i]);
      while (g_hash_table_iter_next (&iter, &router, &value))
        {
          g_autofree char *group = g_strconcat ("Routing ", router, NULL);
          g_autofree char *text = i == PF_SETTING_POWER
                                      ? g_strdup (power_names[GPOINTER_TO_UINT (value) == PF_POWER_ON])
                                      : g_strdup_printf ("0x%08x", GPOINTER_TO_UINT (value));

          g_key_file_set_string (file, group, setting_keys[i], text);
        }
    }
}

/**
 * pf_loans_serialize:
 * @loans: what is lent
 * @length: (out) (nullable): length in bytes
 *
 * Returns: (transfer full): a text that pf_loans_parse() reads
 */
char *
pf_loans_serialize (const PfLoans *loans, gsize *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  g_autofree char *checksum = NULL;
  gsize bare_length;
  char *whole;

  g_key_file_set_integer (file, "Loans", "Format", FORMAT);
  if (loans->profile != NULL)
    g_key_file_set_string (file, "Loans", "Profile", loans->profile);
  if (loans->previous != NULL)
    g_key_file_set_string (file, "Loans", "Previous", loans->previous);
  if (loans->input)
    g_key_file_set_boolean (file, "Loans", "Input", TRUE);
  for (guint i = 0; i < loans->loans->len; i++)
    write_loan (file, loans->loans->pdata[i]);
  write_homes (file, loans);
  text = g_key_file_to_data (file, &bare_length, NULL);
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, bare_length);
  whole = g_strconcat (text, CHECKSUM_PREFIX, checksum, "\n", NULL);
  if (length != NULL)
    *length = strlen (whole);
  return whole;
}

static gboolean
refuse (GError **error, const char *group, const char *why)
{
  /* GLib quotes what it cannot read, control characters and all. */
  g_autofree char *clean_group = pf_text_clean (group, strlen (group));
  g_autofree char *clean = pf_text_clean (why, strlen (why));

  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "The record of what is lent cannot be read: [%s]: %s",
               clean_group, clean);
  return FALSE;
}

static gboolean
key_is_known (const char *key, const char *const *known, const char *const *prefixes)
{
  for (guint i = 0; prefixes != NULL && prefixes[i] != NULL; i++)
    if (g_str_has_prefix (key, prefixes[i]))
      return TRUE;
  return g_strv_contains (known, key);
}

static gboolean
check_keys (GKeyFile *file, const char *group, const char *const *known, const char *const *prefixes, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    if (!key_is_known (keys[i], known, prefixes))
      return refuse (error, group, "there is a key in it that does not belong there");
  return TRUE;
}

/* Keys of a function that is not a member would be dropped silently, so they are refused. */
static gboolean
check_members (const PfLoan *loan, GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys[i] != NULL; i++)
    for (guint j = 0; j < 2; j++)
      if (g_str_has_prefix (keys[i], member_keys[j])
          && pf_loan_find_member (loan, keys[i] + strlen (member_keys[j])) == NULL)
        return refuse (error, group, "it speaks of a function that is no member");
  return TRUE;
}

static gboolean
read_node (PfLoan *loan, GKeyFile *file, const char *group)
{
  g_autofree char *text = g_key_file_get_string (file, group, "Node", NULL);

  return text != NULL && pf_loans_parse_node (text, &loan->node);
}

/* What may be absent, but not damaged: no driver on record means that there was none. */
static gboolean
read_text (GKeyFile *file, const char *group, const char *key, char **text, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, key, NULL))
    return TRUE;
  *text = g_key_file_get_string (file, group, key, &wrong);
  return wrong == NULL || refuse (error, group, wrong->message);
}

static gboolean
read_member (PfLoan *loan, GKeyFile *file, const char *group, const char *address, GError **error)
{
  g_autofree char *driver_key = member_key ("Driver", address);
  g_autofree char *override_key = member_key ("Override", address);
  g_autofree char *driver = NULL;
  g_autofree char *driver_override = NULL;

  if (!pf_pci_address_is_canonical (address))
    return refuse (error, group, "not a PCI address");
  if (pf_loan_find_member (loan, address) != NULL)
    return refuse (error, group, "a member is there twice");
  if (!read_text (file, group, driver_key, &driver, error)
      || !read_text (file, group, override_key, &driver_override, error))
    return FALSE;
  pf_loan_add_member (loan, address, driver, driver_override);
  return TRUE;
}

/* A missing flag means false. A value that is neither true nor false is damage. */
static gboolean
read_flag (GKeyFile *file, const char *group, const char *key, gboolean *flag, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (!g_key_file_has_key (file, group, key, NULL))
    return TRUE;
  *flag = g_key_file_get_boolean (file, group, key, &wrong);
  return wrong == NULL || refuse (error, group, wrong->message);
}

static gboolean
read_loan (PfLoans *loans, GKeyFile *file, const char *group, GError **error)
{
  g_auto (GStrv) addresses = g_key_file_get_string_list (file, group, "Members", NULL, NULL);
  guint64 number;
  PfLoan *loan;

  if (!g_ascii_string_to_unsigned (group + strlen ("Group "), 10, 0, G_MAXINT, &number, NULL))
    return refuse (error, group, "not a group's number");
  if (addresses == NULL || pf_loans_find (loans, (int) number) != NULL)
    return refuse (error, group, "no members, or there twice");
  if (!check_keys (file, group, group_keys, member_keys, error))
    return FALSE;
  loan = pf_loans_add (loans, (int) number);
  if (!read_node (loan, file, group))
    return refuse (error, group, "Node is not like 0:0:600");
  if (!pf_loan_devices_read (loan, file, group))
    return refuse (error, group, "DeviceNode is not like 0:0:600, or not of a PCI address");
  if (!read_flag (file, group, "Taken", &loan->taken, error)
      || !read_flag (file, group, "WantedHome", &loan->wanted_home, error))
    return FALSE;
  for (guint i = 0; addresses[i] != NULL; i++)
    if (!read_member (loan, file, group, addresses[i], error))
      return FALSE;
  return check_members (loan, file, group, error);
}

static gboolean
parse_setting (const char *text, PfRouterSetting setting, guint32 *value)
{
  guint64 number;

  if (setting == PF_SETTING_POWER)
    {
      *value = g_str_equal (text, power_names[PF_POWER_ON]) ? PF_POWER_ON : PF_POWER_AUTO;
      return g_str_equal (text, power_names[*value]);
    }
  if (!g_str_has_prefix (text, "0x") || !g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT32, &number, NULL))
    return FALSE;
  *value = (guint32) number;
  return TRUE;
}

static gboolean
read_homes (PfLoans *loans, GKeyFile *file, const char *group, GError **error)
{
  const char *router = group + strlen ("Routing ");
  gboolean any = FALSE;

  if (!pf_pci_address_is_canonical (router))
    return refuse (error, group, "not a PCI address");
  if (!check_keys (file, group, setting_keys, NULL, error))
    return FALSE;
  for (guint i = 0; i < PF_N_ROUTER_SETTINGS; i++)
    {
      g_autofree char *text = NULL;
      guint32 value;

      if (!read_text (file, group, setting_keys[i], &text, error))
        return FALSE;
      if (text == NULL)
        continue;
      if (!parse_setting (text, i, &value))
        return refuse (error, group, i == PF_SETTING_POWER ? "Power is not auto or on" : "not a register value");
      pf_loans_set_home (loans, router, i, value);
      any = TRUE;
    }
  return any || refuse (error, group, "nothing in it");
}

static gboolean
read_groups (PfLoans *loans, GKeyFile *file, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      gboolean fine;

      if (g_str_has_prefix (groups[i], "Group "))
        fine = read_loan (loans, file, groups[i], error);
      else if (g_str_has_prefix (groups[i], "Routing "))
        fine = read_homes (loans, file, groups[i], error);
      else if (g_str_equal (groups[i], "Loans"))
        fine = check_keys (file, groups[i], loans_keys, NULL, error);
      else
        fine = refuse (error, groups[i], "there is no such group");
      if (!fine)
        return FALSE;
    }
  return TRUE;
}

/* Returns whether the last line is the checksum of all bytes before it. */
static gboolean
checksum_is_right (const char *data, gsize length)
{
  const gsize line = strlen (CHECKSUM_PREFIX) + CHECKSUM_DIGITS + 1;
  g_autofree char *checksum = NULL;
  g_autofree char *expected = NULL;

  if (length <= line)
    return FALSE;
  checksum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, length - line);
  expected = g_strconcat (CHECKSUM_PREFIX, checksum, "\n", NULL);
  return memcmp (data + length - line, expected, line) == 0;
}

/* No earlier version wrote a comment: one is what is left of a checksum. */
static gboolean
check_format (PfLoans *loans, GKeyFile *file, const char *data, gsize length, GError **error)
{
  g_autofree char *format = g_key_file_get_string (file, "Loans", "Format", NULL);

  loans->is_checked = g_strcmp0 (format, G_STRINGIFY (FORMAT)) == 0;
  if (loans->is_checked && !checksum_is_right (data, length))
    return refuse (error, "Loans", "it does not match its checksum: it was cut short, or changed");
  if (!loans->is_checked
      && (g_strcmp0 (format, G_STRINGIFY (FORMAT_UNCHECKED)) != 0 || memchr (data, '#', length) != NULL))
    return refuse (error, "Loans", "not in the format of this version");
  return TRUE;
}

static gboolean
load (GKeyFile *file, const char *data, gsize length, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  if (length > MAX_SIZE || memchr (data, '\0', length) != NULL || !g_utf8_validate_len (data, length, NULL))
    return refuse (error, "Loans", "too long, or not text in UTF-8");
  if (!pf_key_text_load (file, data, length, G_KEY_FILE_KEEP_TRANSLATIONS, &wrong)
      || !pf_key_text_check_unique (data, length, &wrong))
    return refuse (error, "Loans", wrong->message);
  return TRUE;
}

/**
 * pf_loans_parse:
 * @data: text of the file
 * @length: its length in bytes
 * @error: PF_ERROR_FAILED naming the group
 *
 * Nothing is forgiven: a record that says less than it did would leave what was lent where it is, and say that all
 * is home.
 *
 * A helper may have been replaced by a newer one while something was lent. So what an earlier version wrote, in
 * format 1, is read; but it has no checksum, and can have been cut at the end of a line without a trace. It says so in
 * @is_checked, and is not relied upon to be all.
 *
 * Returns: (transfer full): what is lent, or NULL
 */
PfLoans *
pf_loans_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (PfLoans) loans = pf_loans_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!load (file, data, length, error) || !check_format (loans, file, data, length, error)
      || !read_text (file, "Loans", "Profile", &loans->profile, error)
      || !read_text (file, "Loans", "Previous", &loans->previous, error)
      || !read_flag (file, "Loans", "Input", &loans->input, error) || !read_groups (loans, file, error))
    return NULL;
  return g_steal_pointer (&loans);
}
