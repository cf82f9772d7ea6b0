/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Unmounts, as the user and by udisks, what leaves the host. The helper has no part in it: whoever may
 * unmount a stick in a file manager may do so here. */

#include "pf-udisks.h"

#include <glib/gi18n-lib.h>

#include "pf-error.h"
#include "pf-variant.h"

#define UDISKS "org.freedesktop.UDisks2"
#define UDISKS_ERROR UDISKS ".Error."
#define UDISKS_MANAGER "/org/freedesktop/UDisks2/Manager"
#define PROPERTIES "org.freedesktop.DBus.Properties"

/* Somebody who mounts as fast as we unmount is not argued with. */
#define MAX_MOUNTS 16

/**
 * Release:
 * @partitions: kernel names, for example "sdb1"
 * @index: the one whose turn it is
 * @object: its object
 * @mounts: at how many places it is still mounted
 * @drives: (element-type utf8): objects of their drives, each once
 *
 * Partitions on their way to be unmounted, one after the other.
 */
typedef struct
{
  char **partitions;
  PfUdisksOptions options;
  GDBusConnection *bus;
  guint index;
  char *object;
  gsize mounts;
  GPtrArray *drives;
} Release;

static void
release_free (gpointer data)
{
  Release *release = data;

  g_strfreev (release->partitions);
  g_clear_object (&release->bus);
  g_free (release->object);
  g_ptr_array_unref (release->drives);
  g_free (release);
}

/* Returns: (nullable): the one whose turn it is; NULL when it is that of the drives. */
static const char *
get_partition (const Release *release)
{
  return release->partitions[release->index];
}

static gboolean
is_udisks_error (const char *name, const char *wanted)
{
  return name != NULL && g_str_has_prefix (name, UDISKS_ERROR)
         && g_str_equal (name + strlen (UDISKS_ERROR), wanted);
}

static gboolean
is_missing_service (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND);
}

/* Returns: (transfer full): @error, which it takes, in words. */
static GError *
explain (GError *error, const Release *release)
{
  g_autoptr (GError) taken = error;
  const char *partition = get_partition (release);
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&taken);
  g_dbus_error_strip_remote_error (taken);
  if (partition == NULL)
    return g_error_new (PF_ERROR, PF_ERROR_FAILED,
                        _ ("All is unmounted, but a drive was not switched off. (%s)"), taken->message);
  if (is_udisks_error (name, "DeviceBusy") || is_udisks_error (name, "AlreadyUnmounting"))
    /* Translators: the first %s is a partition, "sdb1", the second what udisks says */
    return g_error_new (
        PF_ERROR, PF_ERROR_BUSY,
        _ ("%s is in use, so it was not unmounted. Close the files and programs that use it, and "
           "try again. (%s)"),
        partition, taken->message);
  if (is_udisks_error (name, "NotAuthorizedDismissed"))
    return g_error_new (PF_ERROR, PF_ERROR_AUTHORIZATION_DISMISSED,
                        _ ("%s was not unmounted: the password was not given."), partition);
  if (is_udisks_error (name, "NotAuthorized") || is_udisks_error (name, "NotAuthorizedCanObtain"))
    return g_error_new (PF_ERROR, PF_ERROR_NOT_AUTHORIZED, _ ("You may not unmount %s. (%s)"), partition,
                        taken->message);
  if (is_missing_service (taken))
    return g_error_new (PF_ERROR, PF_ERROR_FAILED,
                        _ ("There is no udisks here to unmount %s. Unmount it another way: umount /dev/%s"),
                        partition, partition);
  return g_error_new (PF_ERROR, PF_ERROR_FAILED, _ ("%s could not be unmounted. (%s)"), partition,
                      taken->message);
}

static void
call (GTask *task,
      const char *object,
      const char *interface,
      const char *method,
      GVariant *parameters,
      const char *reply_type,
      GAsyncReadyCallback callback)
{
  Release *release = g_task_get_task_data (task);

  /* A stick that is slow to write back takes its time, and so does a person with a password. */
  g_dbus_connection_call (release->bus, UDISKS, object, interface, method, parameters,
                          G_VARIANT_TYPE (reply_type),
                          release->options.no_interaction ? G_DBUS_CALL_FLAGS_NONE
                                                          : G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION,
                          G_MAXINT, g_task_get_cancellable (task), callback, task);
}

/* Returns: (nullable): the reply; where there is none, @task, which it takes, is over. */
static GVariant *
finish (GTask *task, GAsyncResult *result)
{
  Release *release = g_task_get_task_data (task);
  GError *error = NULL;
  GVariant *reply = g_dbus_connection_call_finish (release->bus, result, &error);

  if (reply != NULL)
    return reply;
  g_task_return_error (task, explain (error, release));
  g_object_unref (task);
  return NULL;
}

static void begin_partition (GTask *task);

/* --- The drives, when nothing on them is mounted any more --- */

static void power_off_next (GTask *task);

static void
on_powered_off (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Release *release = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = finish (task, result);

  if (reply == NULL)
    return;
  g_ptr_array_remove_index (release->drives, 0);
  power_off_next (task);
}

static void
on_drive_read (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Release *release = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = finish (task, result);
  g_autoptr (GVariant) drive = NULL;

  if (reply == NULL)
    return;
  drive = g_variant_get_child_value (reply, 0);
  if (pf_variant_get_boolean (drive, "CanPowerOff"))
    {
      call (task, release->drives->pdata[0], UDISKS ".Drive", "PowerOff", g_variant_new ("(a{sv})", NULL),
            "()", on_powered_off);
      return;
    }
  g_ptr_array_remove_index (release->drives, 0); /* unmounted is as safe as it gets with this one */
  power_off_next (task);
}

static void
power_off_next (GTask *task)
{
  Release *release = g_task_get_task_data (task);

  if (release->drives->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  call (task, release->drives->pdata[0], PROPERTIES, "GetAll", g_variant_new ("(s)", UDISKS ".Drive"),
        "(a{sv})", on_drive_read);
}

/* --- One partition after the other --- */

static void
on_unmounted (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Release *release = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (release->bus, result, &error);
  g_autofree char *name = error != NULL ? g_dbus_error_get_remote_error (error) : NULL;

  /* Somebody else was faster. */
  if (reply == NULL && !is_udisks_error (name, "NotMounted"))
    {
      g_task_return_error (task, explain (g_steal_pointer (&error), release));
      g_object_unref (task);
      return;
    }
  release->mounts = reply != NULL ? release->mounts - 1 : 0;
  if (release->mounts > 0)
    {
      call (task, release->object, UDISKS ".Filesystem", "Unmount", g_variant_new ("(a{sv})", NULL), "()",
            on_unmounted);
      return;
    }
  release->index++;
  begin_partition (task);
}

static void
add_drive (Release *release, const char *drive)
{
  if (g_str_equal (drive, "/")
      || g_ptr_array_find_with_equal_func (release->drives, drive, g_str_equal, NULL))
    return;
  g_ptr_array_add (release->drives, g_strdup (drive));
}

static void
on_block_read (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Release *release = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = finish (task, result);
  g_autoptr (GVariant) value = NULL;

  if (reply == NULL)
    return;
  g_variant_get (reply, "(v)", &value);
  if (release->options.power_off && g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH))
    add_drive (release, g_variant_get_string (value, NULL));
  if (release->mounts > 0)
    {
      call (task, release->object, UDISKS ".Filesystem", "Unmount", g_variant_new ("(a{sv})", NULL), "()",
            on_unmounted);
      return;
    }
  release->index++;
  begin_partition (task);
}

static void
on_filesystem_read (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Release *release = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = finish (task, result);
  g_autoptr (GVariant) value = NULL;

  if (reply == NULL)
    return;
  g_variant_get (reply, "(v)", &value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING_ARRAY))
    release->mounts = MIN (g_variant_n_children (value), MAX_MOUNTS);
  call (task, release->object, PROPERTIES, "Get", g_variant_new ("(ss)", UDISKS ".Block", "Drive"), "(v)",
        on_block_read);
}

static void
on_device_resolved (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Release *release = g_task_get_task_data (task);
  g_autoptr (GVariant) reply = finish (task, result);
  g_autofree const char **objects = NULL;

  if (reply == NULL)
    return;
  g_variant_get (reply, "(^a&o)", &objects);
  if (objects[0] == NULL)
    {
      g_task_return_new_error (task, PF_ERROR, PF_ERROR_FAILED,
                               _ ("udisks does not know of %s, so it was not unmounted."),
                               get_partition (release));
      g_object_unref (task);
      return;
    }
  g_free (release->object);
  release->object = g_strdup (objects[0]);
  release->mounts = 0;
  call (task, release->object, PROPERTIES, "Get", g_variant_new ("(ss)", UDISKS ".Filesystem", "MountPoints"),
        "(v)", on_filesystem_read);
}

static void
begin_partition (GTask *task)
{
  Release *release = g_task_get_task_data (task);
  g_auto (GVariantDict) device = G_VARIANT_DICT_INIT (NULL);
  g_autofree char *path = NULL;

  if (get_partition (release) == NULL)
    {
      power_off_next (task);
      return;
    }
  path = g_strconcat ("/dev/", get_partition (release), NULL);
  g_variant_dict_insert (&device, "path", "s", path);
  call (task, UDISKS_MANAGER, UDISKS ".Manager", "ResolveDevice",
        g_variant_new ("(@a{sv}a{sv})", g_variant_dict_end (&device), NULL), "(ao)", on_device_resolved);
}

static void
on_bus_got (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Release *release = g_task_get_task_data (task);
  GError *error = NULL;

  release->bus = g_bus_get_finish (result, &error);
  if (release->bus == NULL)
    {
      g_task_return_error (task, explain (error, release));
      g_object_unref (task);
      return;
    }
  begin_partition (task);
}

/**
 * pf_udisks_release_async:
 * @partitions: (array zero-terminated=1): kernel names of at least one partition, for example "sdb1"
 * @options: (nullable): how; NULL for the defaults: all zero
 * @cancellable: (nullable): gives up; what is unmounted by then stays unmounted
 * @callback: called when nothing of it is mounted any more, or at the first failure
 * @user_data: for @callback
 *
 * Unmounts each partition wherever it is mounted. What is not mounted is left as it is.
 */
void
pf_udisks_release_async (const char *const *partitions,
                         const PfUdisksOptions *options,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task;
  Release *release;

  g_return_if_fail (partitions[0] != NULL);
  task = g_task_new (NULL, cancellable, callback, user_data);
  release = g_new0 (Release, 1);
  g_task_set_name (task, "pf_udisks_release_async");
  release->partitions = g_strdupv ((char **) partitions);
  if (options != NULL)
    release->options = *options;
  release->drives = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, release, release_free);
  g_bus_get (G_BUS_TYPE_SYSTEM, cancellable, on_bus_got, task);
}

/**
 * pf_udisks_release_finish:
 * @result: what the callback was given
 * @error: in the domain PF_ERROR and in words, or G_IO_ERROR_CANCELLED
 *
 * Returns: whether nothing of it is mounted any more
 */
gboolean
pf_udisks_release_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * pf_udisks_list_mounted:
 * @objections: an aa{sv} as in Preview
 *
 * Returns: (transfer full) (array zero-terminated=1): the partitions that are objected to because they are
 * mounted; those that nobody may override are not among them
 */
char **
pf_udisks_list_mounted (GVariant *objections)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  GVariantIter iter;
  GVariant *objection;

  g_variant_iter_init (&iter, objections);
  while (g_variant_iter_loop (&iter, "@a{sv}", &objection))
    {
      const char *what = pf_variant_get_string (objection, "what");

      if (g_str_equal (pf_variant_get_string (objection, "code"), "mounted") && what[0] != '\0')
        g_strv_builder_add (names, what);
    }
  return g_strv_builder_end (names);
}
