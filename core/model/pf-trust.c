/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-trust.h"

#include <string.h>

#include "pf-key-text.h"

/* The format of /var/lib/portferry/confirmed, a keyfile:
 *
 *   [Confirmed]
 *   Format=1
 *
 *   [Profile windows]          one for each profile that was confirmed
 *   Text=9f86d0...             SHA-256 of the profile as it read then
 *   Board=60303a...            SHA-256 of what the profile touches, as it was then
 *
 * What is not in it is asked for: a damaged file costs a question, never a keyboard. */

#define FORMAT 1
#define MAX_SIZE 65536
#define MAX_PROFILES 256
#define FINGERPRINT_LENGTH 64
#define PREFIX "Profile "

struct _PfTrust
{
  GHashTable *profiles; /* id -> its two fingerprints, one after the other */
};

/**
 * pf_trust_new:
 *
 * Returns: (transfer full): nothing was confirmed
 */
PfTrust *
pf_trust_new (void)
{
  PfTrust *trust = g_new0 (PfTrust, 1);

  trust->profiles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return trust;
}

/**
 * pf_trust_free:
 * @trust: (transfer full): what was confirmed
 */
void
pf_trust_free (PfTrust *trust)
{
  g_hash_table_unref (trust->profiles);
  g_free (trust);
}

/**
 * pf_trust_add:
 * @trust: what was confirmed
 * @profile: id of a profile
 * @text: from pf_trust_fingerprint_profile()
 * @board: from pf_trust_fingerprint_board()
 *
 * Only the last confirmation of each profile counts. With very many of them all others are forgotten.
 */
void
pf_trust_add (PfTrust *trust, const char *profile, const char *text, const char *board)
{
  if (g_hash_table_size (trust->profiles) >= MAX_PROFILES)
    g_hash_table_remove_all (trust->profiles);
  g_hash_table_replace (trust->profiles, g_strdup (profile), g_strconcat (text, board, NULL));
}

/**
 * pf_trust_has:
 * @trust: what was confirmed
 * @profile: id of a profile
 * @text: from pf_trust_fingerprint_profile()
 * @board: from pf_trust_fingerprint_board()
 *
 * Returns: whether it was confirmed, and neither has changed since
 */
gboolean
pf_trust_has (const PfTrust *trust, const char *profile, const char *text, const char *board)
{
  g_autofree char *both = g_strconcat (text, board, NULL);

  return g_strcmp0 (g_hash_table_lookup (trust->profiles, profile), both) == 0;
}

/**
 * pf_trust_serialize:
 * @trust: what was confirmed
 * @length: (out) (nullable): length in bytes
 *
 * Returns: (transfer full): a text that pf_trust_parse() reads
 */
char *
pf_trust_serialize (const PfTrust *trust, gsize *length)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (trust->profiles), (GCompareFunc) strcmp);

  g_key_file_set_integer (file, "Confirmed", "Format", FORMAT);
  for (const GList *id = ids; id != NULL; id = id->next)
    {
      const char *both = g_hash_table_lookup (trust->profiles, id->data);
      g_autofree char *group = g_strconcat (PREFIX, id->data, NULL);
      g_autofree char *text = g_strndup (both, FINGERPRINT_LENGTH);

      g_key_file_set_string (file, group, "Text", text);
      g_key_file_set_string (file, group, "Board", both + FINGERPRINT_LENGTH);
    }
  return g_key_file_to_data (file, length, NULL);
}

static gboolean
is_fingerprint (const char *text)
{
  return text != NULL && strlen (text) == FINGERPRINT_LENGTH
         && strspn (text, "0123456789abcdef") == FINGERPRINT_LENGTH;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, "The record of confirmed profiles cannot be read: %s", why);
  return FALSE;
}

static gboolean
read_profile (PfTrust *trust, GKeyFile *file, const char *group, GError **error)
{
  const char *id = group + strlen (PREFIX);
  g_autofree char *text = g_key_file_get_string (file, group, "Text", NULL);
  g_autofree char *board = g_key_file_get_string (file, group, "Board", NULL);

  if (!pf_profile_id_is_valid (id, NULL) || !is_fingerprint (text) || !is_fingerprint (board))
    return refuse (error, group);
  pf_trust_add (trust, id, text, board);
  return TRUE;
}

/**
 * pf_trust_parse:
 * @data: text of the file
 * @length: its length in bytes
 * @error: PF_ERROR_FAILED
 *
 * Returns: (transfer full): what was confirmed, or NULL
 */
PfTrust *
pf_trust_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (PfTrust) trust = pf_trust_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) groups = NULL;

  if (length > MAX_SIZE || !g_utf8_validate_len (data, length, NULL)
      || !pf_key_text_load (file, data, length, G_KEY_FILE_NONE, NULL))
    {
      refuse (error, "it is too long, or not a key file");
      return NULL;
    }
  if (g_key_file_get_integer (file, "Confirmed", "Format", NULL) != FORMAT)
    {
      refuse (error, "it is not in the format of this version");
      return NULL;
    }
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], PREFIX) && !read_profile (trust, file, groups[i], error))
      return NULL;
  return g_steal_pointer (&trust);
}

/**
 * pf_trust_fingerprint_profile:
 * @profile: a profile
 *
 * Returns: (transfer full): another one as soon as anything in its file means something else
 */
char *
pf_trust_fingerprint_profile (const PfProfile *profile)
{
  gsize length;
  g_autofree char *text = pf_profile_serialize (profile, &length);

  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) text, length);
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_line (GPtrArray *lines, const PfFunction *function, const char *role)
{
  g_ptr_array_add (lines, g_strdup_printf ("%s %04x:%04x %s",
                                           function->path != NULL ? function->path : function->address,
                                           function->vendor, function->device, role));
}

/* What moves together with a controller. Bridges stay with the host. */
static void
add_group (GPtrArray *lines, const PfController *controller)
{
  for (guint i = 0; controller->group != NULL && i < controller->group->members->len; i++)
    {
      const PfFunction *member = controller->group->members->pdata[i];

      if (member != controller->function && !pf_function_is_bridge (member))
        add_line (lines, member, "member");
    }
}

static void
add_router (GPtrArray *lines, const PfController *controller)
{
  add_line (lines, controller->function, controller->router != NULL ? "router" : "controller");
  for (guint i = 0; controller->router != NULL && i < PF_CHIPSET_MAX_EHCIS; i++)
    if (controller->router->ehci[i] != NULL)
      add_line (lines, controller->router->ehci[i]->function, "companion");
}

/* Notes a controller that is not there, too: when it comes back, that is a change. */
static const PfController *
find_touched (GPtrArray *lines, const PfDeviceKey *key, const PfProfile *profile, const PfBoard *board)
{
  const PfController *controller = pf_device_key_resolve (key, profile, board, NULL);

  if (controller == NULL)
    g_ptr_array_add (lines, g_strdup_printf ("%s absent", key->address));
  return controller;
}

static void
add_touched_router (GPtrArray *lines, const PfBoard *board, const PfProfile *profile)
{
  const PfController *controller = NULL;

  if (pf_port_set_is_empty (&profile->ports))
    return;
  if (profile->router != NULL)
    controller = find_touched (lines, profile->router, profile, board);
  else if (board->routers->len > 0)
    controller = ((const PfRouter *) board->routers->pdata[0])->controller;
  if (controller != NULL)
    add_router (lines, controller);
}

/**
 * pf_trust_fingerprint_board:
 * @board: a machine
 * @profile: what was confirmed on it
 *
 * Returns: (transfer full): another one when a controller that @profile lends, or the router of its ports,
 * comes, goes or sits elsewhere, or when something else goes along with it; the same whatever comes and goes
 * elsewhere, whatever drivers there are, whatever is plugged in, and wherever ports go
 */
char *
pf_trust_fingerprint_board (const PfBoard *board, const PfProfile *profile)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;

  for (guint i = 0; i < profile->controllers->len; i++)
    {
      const PfController *controller = find_touched (lines, profile->controllers->pdata[i], profile, board);

      if (controller == NULL)
        continue;
      add_router (lines, controller);
      add_group (lines, controller);
    }
  add_touched_router (lines, board, profile);
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  text = g_strjoinv ("\n", (char **) lines->pdata);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/**
 * pf_changes_take_input:
 * @changes: (element-type PfChange): what changes sides by a plan
 *
 * Returns: whether a keyboard or pointer leaves the host
 */
gboolean
pf_changes_take_input (const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const PfChange *change = changes->pdata[i];

      if (change->from == PF_OWNER_HOST && change->to != PF_OWNER_HOST
          && (change->is_keyboard || change->is_pointer))
        return TRUE;
    }
  return FALSE;
}

/**
 * pf_confirm_find_seconds:
 * @profile: what is switched to
 * @requested: what the caller asks for; 0 for nothing
 * @overrides: objections are overridden
 * @takes_input: a keyboard or pointer leaves the host
 * @trusted: the profile, as it reads, was confirmed on this board
 *
 * Returns: after how many seconds the switch goes back unless somebody confirms it; 0 for never
 */
guint
pf_confirm_find_seconds (
    const PfProfile *profile, guint requested, gboolean overrides, gboolean takes_input, gboolean trusted)
{
  if (requested > 0)
    return requested;
  if (overrides)
    return profile->confirm_seconds;
  if (!takes_input || pf_profile_is_home (profile) || profile->confirm == PF_CONFIRM_NEVER)
    return 0;
  return profile->confirm == PF_CONFIRM_FIRST && trusted ? 0 : profile->confirm_seconds;
}
