/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-store.h"

#include "pf-error.h"
#include "pf-file.h"

#define SUFFIX ".profile"
/* An editor writes a file in several goes; what it leaves behind is what counts. */
#define SETTLE_MS 20

/* The profiles: one keyfile each in /etc/portferry/profiles.d, in the format of pf_profile_serialize(). They
 * are written whole by pf_file_write(), may be edited by hand, and are read again when the folder changes.
 * The built-in profile home is always first and has no file. */
struct _PfStore
{
  GObject parent_instance;

  char *folder;
  GPtrArray *entries;
  GFileMonitor *monitor;
  guint reload_id;
};

G_DEFINE_TYPE (PfStore, pf_store, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
entry_free (PfStoreEntry *entry)
{
  g_free (entry->id);
  g_clear_pointer (&entry->profile, pf_profile_free);
  g_clear_error (&entry->problem);
  g_free (entry->text);
  g_free (entry);
}

static GPtrArray *
create_entries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
}

static PfStoreEntry *
create_home_entry (void)
{
  PfStoreEntry *entry = g_new0 (PfStoreEntry, 1);

  entry->id = g_strdup (PF_PROFILE_HOME);
  entry->profile = pf_profile_new_home ();
  entry->text = g_strdup ("");
  return entry;
}

static char *
build_path (PfStore *store, const char *id)
{
  g_autofree char *name = g_strconcat (id, SUFFIX, NULL);

  return g_build_filename (store->folder, name, NULL);
}

static PfStoreEntry *
read_entry (PfStore *store, const char *id)
{
  PfStoreEntry *entry = g_new0 (PfStoreEntry, 1);
  g_autofree char *path = build_path (store, id);
  g_autofree char *data = NULL;
  gsize length;

  entry->id = g_strdup (id);
  if (!pf_file_read (path, PF_PROFILE_MAX_SIZE, &data, &length, &entry->problem))
    return entry;
  if (data == NULL)
    {
      entry_free (entry);
      return NULL;
    }
  entry->profile = pf_profile_parse (id, data, length, &entry->problem);
  if (entry->profile != NULL)
    entry->text = pf_profile_serialize (entry->profile, NULL);
  return entry;
}

/* The id of a profile's file; NULL for a file that is none (an editor's copy, a name that no profile can
 * have). */
static char *
id_from_name (const char *name)
{
  g_autofree char *id = NULL;

  if (*name == '.' || !g_str_has_suffix (name, SUFFIX))
    return NULL;
  id = g_strndup (name, strlen (name) - strlen (SUFFIX));
  if (!pf_profile_id_is_valid (id, NULL) || g_str_equal (id, PF_PROFILE_HOME))
    {
      g_message ("“%s” is not used: no profile can have that name.", name);
      return NULL;
    }
  return g_steal_pointer (&id);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
list_ids (PfStore *store)
{
  g_autoptr (GDir) dir = g_dir_open (store->folder, 0, NULL);
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      char *id = id_from_name (name);

      if (id != NULL)
        g_ptr_array_add (ids, id);
    }
  g_ptr_array_sort (ids, compare_ids);
  if (ids->len > PF_STORE_MAX_PROFILES)
    {
      g_message ("There are %u profiles in “%s”; only the first %d are used.", ids->len, store->folder,
                 PF_STORE_MAX_PROFILES);
      g_ptr_array_set_size (ids, PF_STORE_MAX_PROFILES);
    }
  return ids;
}

static GPtrArray *
read_entries (PfStore *store)
{
  g_autoptr (GPtrArray) ids = list_ids (store);
  GPtrArray *entries = create_entries ();

  g_ptr_array_add (entries, create_home_entry ());
  for (guint i = 0; i < ids->len; i++)
    {
      PfStoreEntry *entry = read_entry (store, ids->pdata[i]);

      if (entry != NULL)
        g_ptr_array_add (entries, entry);
    }
  return entries;
}

static gboolean
is_same_entry (const PfStoreEntry *a, const PfStoreEntry *b)
{
  const char *problem_a = a->problem != NULL ? a->problem->message : NULL;
  const char *problem_b = b->problem != NULL ? b->problem->message : NULL;

  return g_str_equal (a->id, b->id) && g_strcmp0 (a->text, b->text) == 0
         && g_strcmp0 (problem_a, problem_b) == 0;
}

static gboolean
are_same_entries (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!is_same_entry (a->pdata[i], b->pdata[i]))
      return FALSE;
  return TRUE;
}

static void
reload (PfStore *store)
{
  g_autoptr (GPtrArray) entries = read_entries (store);

  if (are_same_entries (entries, store->entries))
    return;
  g_ptr_array_unref (store->entries);
  store->entries = g_steal_pointer (&entries);
  g_signal_emit (store, signals[SIGNAL_CHANGED], 0);
}

static gboolean
on_reload (gpointer user_data)
{
  PfStore *store = user_data;

  store->reload_id = 0;
  reload (store);
  return G_SOURCE_REMOVE;
}

static void
on_monitor_changed (PfStore *store)
{
  if (store->reload_id == 0)
    store->reload_id = g_timeout_add (SETTLE_MS, on_reload, store);
}

static void
pf_store_init (PfStore *store)
{
  store->entries = create_entries ();
}

static void
pf_store_finalize (GObject *object)
{
  PfStore *store = PF_STORE (object);

  g_clear_handle_id (&store->reload_id, g_source_remove);
  g_clear_object (&store->monitor);
  g_ptr_array_unref (store->entries);
  g_free (store->folder);
  G_OBJECT_CLASS (pf_store_parent_class)->finalize (object);
}

static void
pf_store_class_init (PfStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pf_store_finalize;
  /* A profile was added, changed or removed, over D-Bus or by hand. */
  signals[SIGNAL_CHANGED]
      = g_signal_new ("changed", PF_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * pf_store_new:
 * @config: /etc/portferry
 *
 * Returns: (transfer full): the profiles in its profiles.d, watched; where it cannot be watched, as they are
 * now
 */
PfStore *
pf_store_new (const char *config)
{
  PfStore *store = g_object_new (PF_TYPE_STORE, NULL);
  g_autoptr (GError) error = NULL;

  store->folder = g_build_filename (config, "profiles.d", NULL);
  store->monitor = pf_file_monitor_folder (store->folder, &error);
  if (store->monitor != NULL)
    g_signal_connect_object (store->monitor, "changed", G_CALLBACK (on_monitor_changed), store,
                             G_CONNECT_SWAPPED);
  else
    g_message ("Profiles that are edited by hand will not be noticed. %s", error->message);
  g_ptr_array_unref (store->entries);
  store->entries = read_entries (store);
  return store;
}

/**
 * pf_store_list:
 * @store: a store
 *
 * Returns: (transfer none) (element-type PfStoreEntry): home, then the others in the order of their ids
 */
GPtrArray *
pf_store_list (PfStore *store)
{
  return store->entries;
}

/**
 * pf_store_find:
 * @store: a store
 * @id: a profile's id
 *
 * Returns: (transfer none) (nullable): its entry; good until the main loop runs
 */
const PfStoreEntry *
pf_store_find (PfStore *store, const char *id)
{
  for (guint i = 0; i < store->entries->len; i++)
    {
      const PfStoreEntry *entry = store->entries->pdata[i];

      if (g_str_equal (entry->id, id))
        return entry;
    }
  return NULL;
}

/**
 * pf_store_require:
 * @store: a store
 * @id: a profile's id
 * @error: PF_ERROR_NO_SUCH_PROFILE, PF_ERROR_INVALID_PROFILE
 *
 * Returns: (transfer none): the profile, or NULL
 */
const PfProfile *
pf_store_require (PfStore *store, const char *id, GError **error)
{
  const PfStoreEntry *entry = pf_store_find (store, id);

  if (entry == NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE, "There is no profile “%s”.", id);
      return NULL;
    }
  if (entry->profile == NULL)
    g_propagate_error (error, g_error_copy (entry->problem));
  return entry->profile;
}

/**
 * pf_store_get_fingerprint:
 * @store: a store
 * @id: a profile's id
 *
 * Returns: (transfer full) (nullable): a text that is another one as soon as the profile says something else;
 * NULL when there is no such profile
 */
char *
pf_store_get_fingerprint (PfStore *store, const char *id)
{
  const PfStoreEntry *entry = pf_store_find (store, id);

  if (entry == NULL)
    return NULL;
  return g_strdup (entry->text != NULL ? entry->text : entry->problem->message);
}

/**
 * pf_store_find_only:
 * @store: a store
 *
 * Returns: (transfer none) (nullable): the profile, where there is exactly one beside home
 */
const PfProfile *
pf_store_find_only (PfStore *store)
{
  const PfStoreEntry *entry = store->entries->len == 2 ? store->entries->pdata[1] : NULL;

  return entry != NULL ? entry->profile : NULL;
}

static gboolean
write_profile (PfStore *store, const PfProfile *profile, GError **error)
{
  g_autofree char *path = build_path (store, profile->id);
  gsize length;
  g_autofree char *data = pf_profile_serialize (profile, &length);

  if (length > PF_PROFILE_MAX_SIZE)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED, "The profile “%s” is larger than %d bytes.",
                   profile->id, PF_PROFILE_MAX_SIZE);
      return FALSE;
    }
  if (!pf_file_write (path, data, length, error))
    return FALSE;
  reload (store);
  return TRUE;
}

/**
 * pf_store_add:
 * @store: a store
 * @profile: a new profile
 * @error: PF_ERROR_PROFILE_EXISTS, PF_ERROR_LIMIT_EXCEEDED, PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on disk
 */
gboolean
pf_store_add (PfStore *store, const PfProfile *profile, GError **error)
{
  /* The list may be older than the folder by the moment that a hand-made file takes to be noticed. */
  reload (store);
  if (pf_store_find (store, profile->id) != NULL)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_PROFILE_EXISTS, "There is already a profile “%s”.", profile->id);
      return FALSE;
    }
  if (store->entries->len > PF_STORE_MAX_PROFILES)
    {
      g_set_error (error, PF_ERROR, PF_ERROR_LIMIT_EXCEEDED,
                   "There are %d profiles already; remove one first.", PF_STORE_MAX_PROFILES);
      return FALSE;
    }
  return write_profile (store, profile, error);
}

/**
 * pf_store_update:
 * @store: a store
 * @profile: what a profile that exists shall say from now on
 * @error: PF_ERROR_NO_SUCH_PROFILE, PF_ERROR_LIMIT_EXCEEDED, PF_ERROR_WRITE_FAILED
 *
 * Returns: whether it is on disk
 */
gboolean
pf_store_update (PfStore *store, const PfProfile *profile, GError **error)
{
  if (pf_store_find (store, profile->id) == NULL || pf_profile_is_home (profile))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE, "There is no profile “%s” to change.",
                   profile->id);
      return FALSE;
    }
  return write_profile (store, profile, error);
}

/**
 * pf_store_remove:
 * @store: a store
 * @id: a profile's id
 * @error: PF_ERROR_NO_SUCH_PROFILE, PF_ERROR_WRITE_FAILED
 *
 * Returns: whether its file is gone
 */
gboolean
pf_store_remove (PfStore *store, const char *id, GError **error)
{
  g_autofree char *path = build_path (store, id);

  if (pf_store_find (store, id) == NULL || g_str_equal (id, PF_PROFILE_HOME))
    {
      g_set_error (error, PF_ERROR, PF_ERROR_NO_SUCH_PROFILE, "There is no profile “%s” to remove.", id);
      return FALSE;
    }
  if (!pf_file_remove (path, error))
    return FALSE;
  reload (store);
  return TRUE;
}
