/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-learn-assistant.h"

#include <glib/gi18n.h>

#include "pf-board-view.h"
#include "pf-socket-form.h"
#include "pf-sockets.h"
#include "pf-state-view.h"
#include "pf-widgets.h"
#include "pf-words.h"

#define WIDTH 860
#define HEIGHT 680
#define WAITING "waiting"
#define FOUND "found"
#define MAX_SEEN 3

struct _PfLearnAssistant
{
  GtkApplicationWindow parent;
  PfClient *client;
  GCancellable *cancellable;
  GPtrArray *sockets; /* (nullable): as they were last seen */
  char *key;          /* (nullable): the socket that is being named */
  char *next_key;     /* (nullable): one into which something was plugged meanwhile */
  GtkWidget *bar;
  GtkWidget *steps;
  GtkWidget *last; /* what was named last */
  GtkWidget *heading;
  GtkWidget *device;
  GtkWidget *position;
  GtkWidget *proof; /* what trying the socket has shown */
  GtkWidget *form;
  GtkWidget *try;
  GtkWidget *save;
  GtkWidget *board;
  char *tried;             /* (nullable): the socket that was tried last */
  gboolean at_super_speed; /* before it was tried */
  gboolean trying;         /* what comes and goes now is our own doing */
};

G_DEFINE_TYPE (PfLearnAssistant, pf_learn_assistant, GTK_TYPE_APPLICATION_WINDOW)

static void
show_waiting (PfLearnAssistant *assistant)
{
  g_clear_pointer (&assistant->key, g_free);
  gtk_stack_set_visible_child_name (GTK_STACK (assistant->steps), WAITING);
}

static void
show_proof (PfLearnAssistant *assistant, const char *text)
{
  gtk_label_set_text (GTK_LABEL (assistant->proof), text != NULL ? text : "");
  gtk_widget_set_visible (assistant->proof, text != NULL);
}

/* What is seen of the socket, in its words as they are now. */
static void
show_socket (PfLearnAssistant *assistant, const PfSocket *socket)
{
  g_autofree char *title = pf_socket_get_title (socket);
  g_autofree char *heading = g_strdup_printf (_ ("Found: %s"), title);
  g_autofree char *devices = pf_socket_describe_devices (socket);
  g_autofree char *where = pf_socket_describe_position (socket);
  g_autofree char *position = g_strdup_printf ("%s – %s", pf_socket_describe_speed (socket), where);

  gtk_label_set_text (GTK_LABEL (assistant->heading), heading);
  gtk_label_set_text (GTK_LABEL (assistant->device), devices);
  gtk_label_set_text (GTK_LABEL (assistant->position), position);
  gtk_widget_set_visible (assistant->try, pf_socket_is_routed (socket) && socket->movable);
  gtk_widget_set_sensitive (assistant->try, socket->devices->len > 0 && !assistant->trying);
}

static void
show_found (PfLearnAssistant *assistant, const PfSocket *socket)
{
  GtkWidget *entry = pf_socket_form_get_entry (PF_SOCKET_FORM (assistant->form));

  g_free (assistant->key);
  assistant->key = g_strdup (socket->key);
  show_socket (assistant, socket);
  show_proof (assistant, NULL);
  pf_socket_form_show (PF_SOCKET_FORM (assistant->form), socket, assistant->sockets);
  pf_widgets_show_message (GTK_INFO_BAR (assistant->bar), NULL);
  gtk_widget_set_sensitive (assistant->save, TRUE);
  gtk_stack_set_visible_child_name (GTK_STACK (assistant->steps), FOUND);
  gtk_widget_grab_default (assistant->save);
  gtk_widget_grab_focus (entry);
}

/* On to what was plugged in meanwhile, or to waiting. */
static void
go_on (PfLearnAssistant *assistant)
{
  g_autofree char *key = g_steal_pointer (&assistant->next_key);
  const PfSocket *socket = key != NULL ? pf_sockets_find (assistant->sockets, key) : NULL;

  if (socket != NULL)
    show_found (assistant, socket);
  else
    show_waiting (assistant);
}

static void
update_progress (PfLearnAssistant *assistant)
{
  guint named = pf_sockets_count_named (assistant->sockets);
  g_autofree char *text = g_strdup_printf (
      /* Translators: progress: how many sockets have a name, and how many there are */
      _ ("%u of %u named"), named, assistant->sockets->len);

  gtk_header_bar_set_subtitle (GTK_HEADER_BAR (gtk_window_get_titlebar (GTK_WINDOW (assistant))), text);
}

/* Words that are being written are not taken away by another stick. */
static void
take_plugged (PfLearnAssistant *assistant, const PfSocket *socket)
{
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  pf_board_view_light (PF_BOARD_VIEW (assistant->board), socket->key);
  if (assistant->trying || g_strcmp0 (assistant->key, socket->key) == 0)
    return;
  if (assistant->key == NULL)
    {
      show_found (assistant, socket);
      return;
    }
  g_free (assistant->next_key);
  assistant->next_key = g_strdup (socket->key);
  title = pf_socket_get_title (socket);
  /* Translators: %s is a socket */
  text = g_strdup_printf (
      _ ("Something was plugged into %s. Save or skip this socket first; that one comes next."), title);
  pf_widgets_show_message (GTK_INFO_BAR (assistant->bar), text);
}

static void
on_changed (PfLearnAssistant *assistant)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&assistant->sockets);
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (assistant->client);
  const PfSocket *current;
  const PfSocket *plugged = NULL;

  assistant->sockets = pf_sockets_read (assistant->client);
  pf_board_view_show (PF_BOARD_VIEW (assistant->board), assistant->sockets, controllers);
  update_progress (assistant);
  current = assistant->key != NULL ? pf_sockets_find (assistant->sockets, assistant->key) : NULL;
  if (current != NULL)
    show_socket (assistant, current);
  if (before != NULL)
    plugged = pf_sockets_find_plugged (before, assistant->sockets, NULL);
  if (plugged != NULL)
    take_plugged (assistant, plugged);
}

/* Something that has to stay where it is can be named by choosing its socket. */
static void
on_socket_activated (PfLearnAssistant *assistant, const char *key)
{
  const PfSocket *socket = pf_sockets_find (assistant->sockets, key);

  if (socket != NULL)
    show_found (assistant, socket);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean saved = pf_client_label_socket_finish (PF_CLIENT (source), result, &error);
  PfLearnAssistant *assistant;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  assistant = PF_LEARN_ASSISTANT (user_data);
  gtk_widget_set_sensitive (assistant->save, TRUE);
  if (!saved)
    {
      pf_widgets_show_message (GTK_INFO_BAR (assistant->bar), error->message);
      return;
    }
  text = g_strdup_printf (
      /* Translators: %s is the name that somebody has given to a socket */
      _ ("“%s” is saved."),
      gtk_entry_get_text (GTK_ENTRY (pf_socket_form_get_entry (PF_SOCKET_FORM (assistant->form)))));
  gtk_label_set_text (GTK_LABEL (assistant->last), text);
  gtk_widget_show (assistant->last);
  go_on (assistant);
}

static void
on_save (PfLearnAssistant *assistant)
{
  const PfSocket *socket = pf_sockets_find (assistant->sockets, assistant->key);

  if (socket == NULL)
    {
      pf_widgets_show_message (GTK_INFO_BAR (assistant->bar), _ ("This socket is gone."));
      return;
    }
  gtk_widget_set_sensitive (assistant->save, FALSE);
  pf_client_label_socket_async (assistant->client, socket->controller, socket->port,
                                pf_socket_form_get_settings (PF_SOCKET_FORM (assistant->form)), NULL,
                                assistant->cancellable, on_saved, assistant);
}

/* --- Trying a socket --- */

static char *
describe_seen (char **seen, gboolean at_super_speed)
{
  g_autofree char *list = NULL;

  if (seen[0] == NULL)
    return g_strdup (
        _ ("Nothing came up on the other side. This socket is wired in another way than the chipset’s "
           "map says, or what is in it takes long to start: try another stick."));
  list = pf_words_join ((const char *const *) seen, MAX_SEEN);
  if (at_super_speed)
    /* Translators: %s is what was plugged in */
    return g_strdup_printf (
        _ ("Proven: %s came up on the other side, so this is the socket, with both of its halves. "
           "It is back where it was."),
        list);
  /* Translators: %s is what was plugged in */
  return g_strdup_printf (
      _ ("Proven: %s came up on the other side, so this is the socket. It is back where it was."), list);
}

static void
on_tried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) seen = pf_client_try_port_finish (PF_CLIENT (source), result, &error);
  PfLearnAssistant *assistant;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  assistant = PF_LEARN_ASSISTANT (user_data);
  assistant->trying = FALSE;
  gtk_widget_set_sensitive (assistant->try, TRUE);
  text = seen != NULL ? describe_seen (seen, assistant->at_super_speed) : g_strdup (error->message);
  if (g_strcmp0 (assistant->key, assistant->tried) == 0)
    show_proof (assistant, text);
}

/* Whether it is safe is for the helper to say. */
static void
on_try (PfLearnAssistant *assistant)
{
  const PfSocket *socket = pf_sockets_find (assistant->sockets, assistant->key);

  if (socket == NULL)
    return;
  assistant->trying = TRUE;
  assistant->at_super_speed = pf_socket_runs_at_super_speed (socket);
  g_free (assistant->tried);
  assistant->tried = g_strdup (socket->key);
  gtk_widget_set_sensitive (assistant->try, FALSE);
  show_proof (assistant, _ ("The socket goes to the other controller for some seconds…"));
  pf_client_try_port_async (assistant->client, socket->controller, socket->port, NULL, assistant->cancellable,
                            on_tried, assistant);
}

/* --- The window --- */

static GtkWidget *
create_waiting (PfLearnAssistant *assistant)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  assistant->last = pf_widgets_label (NULL, NULL);
  gtk_widget_set_no_show_all (assistant->last, TRUE);
  gtk_container_add (GTK_CONTAINER (page), pf_widgets_label (_ ("Plug something in"), "pf-hero"));
  gtk_container_add (
      GTK_CONTAINER (page),
      pf_widgets_paragraph (
          _ ("Take any stick or mouse and plug it into a socket. It lights up below, and you can "
             "give it a name. Something that has to stay where it is can be named by choosing its "
             "socket in the picture. Nothing is lent by this, and you can stop and go on at any "
             "time.")));
  gtk_container_add (GTK_CONTAINER (page), assistant->last);
  return page;
}

static GtkWidget *
create_buttons (PfLearnAssistant *assistant)
{
  GtkWidget *buttons = gtk_button_box_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *skip = gtk_button_new_with_mnemonic (_ ("S_kip"));

  assistant->save = gtk_button_new_with_mnemonic (_ ("_Save and go on"));
  gtk_widget_set_can_default (assistant->save, TRUE);
  pf_widgets_set_class (assistant->save, GTK_STYLE_CLASS_SUGGESTED_ACTION, TRUE);
  gtk_button_box_set_layout (GTK_BUTTON_BOX (buttons), GTK_BUTTONBOX_END);
  gtk_box_set_spacing (GTK_BOX (buttons), 6);
  assistant->try = gtk_button_new_with_mnemonic (_ ("_Try this socket"));
  gtk_widget_set_tooltip_text (
      assistant->try,
      _ ("Routes it to the other controller for some seconds and back, to prove that it is this "
         "one. Nothing else moves, and nothing that is in use."));
  gtk_widget_set_no_show_all (assistant->try, TRUE);
  gtk_container_add (GTK_CONTAINER (buttons), assistant->try);
  gtk_button_box_set_child_secondary (GTK_BUTTON_BOX (buttons), assistant->try, TRUE);
  gtk_container_add (GTK_CONTAINER (buttons), skip);
  gtk_container_add (GTK_CONTAINER (buttons), assistant->save);
  g_signal_connect_swapped (assistant->try, "clicked", G_CALLBACK (on_try), assistant);
  g_signal_connect_swapped (skip, "clicked", G_CALLBACK (go_on), assistant);
  g_signal_connect_swapped (assistant->save, "clicked", G_CALLBACK (on_save), assistant);
  return buttons;
}

static GtkWidget *
create_found (PfLearnAssistant *assistant)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *form = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  assistant->heading = pf_widgets_label (NULL, "pf-hero");
  assistant->device = pf_widgets_label (NULL, NULL);
  assistant->position = pf_widgets_label (NULL, NULL);
  assistant->proof = pf_widgets_paragraph (NULL);
  gtk_widget_set_no_show_all (assistant->proof, TRUE);
  assistant->form = pf_socket_form_new ();
  gtk_container_add (GTK_CONTAINER (page), assistant->heading);
  gtk_container_add (GTK_CONTAINER (page), assistant->device);
  gtk_container_add (GTK_CONTAINER (page), assistant->position);
  gtk_container_add (GTK_CONTAINER (page), assistant->proof);
  gtk_container_add (GTK_CONTAINER (form), assistant->form);
  gtk_container_add (GTK_CONTAINER (form), create_buttons (assistant));
  gtk_widget_set_halign (form, GTK_ALIGN_START);
  gtk_container_add (GTK_CONTAINER (page), form);
  return page;
}

static GtkWidget *
create_content (PfLearnAssistant *assistant)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  assistant->bar = pf_widgets_info_bar ();
  assistant->steps = gtk_stack_new ();
  assistant->board = pf_board_view_new (FALSE);
  g_object_set (assistant->steps, "margin", 18, NULL);
  gtk_stack_set_vhomogeneous (GTK_STACK (assistant->steps), FALSE);
  gtk_stack_add_named (GTK_STACK (assistant->steps), create_waiting (assistant), WAITING);
  gtk_stack_add_named (GTK_STACK (assistant->steps), create_found (assistant), FOUND);
  gtk_container_add (GTK_CONTAINER (content), assistant->bar);
  gtk_container_add (GTK_CONTAINER (content), assistant->steps);
  gtk_container_add (GTK_CONTAINER (content), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_pack_start (GTK_BOX (content), pf_widgets_scroll (assistant->board), TRUE, TRUE, 0);
  return content;
}

static void
pf_learn_assistant_dispose (GObject *object)
{
  PfLearnAssistant *assistant = PF_LEARN_ASSISTANT (object);

  g_cancellable_cancel (assistant->cancellable);
  g_clear_object (&assistant->client);
  g_clear_pointer (&assistant->sockets, g_ptr_array_unref);
  G_OBJECT_CLASS (pf_learn_assistant_parent_class)->dispose (object);
}

static void
pf_learn_assistant_finalize (GObject *object)
{
  PfLearnAssistant *assistant = PF_LEARN_ASSISTANT (object);

  g_object_unref (assistant->cancellable);
  g_free (assistant->key);
  g_free (assistant->next_key);
  g_free (assistant->tried);
  G_OBJECT_CLASS (pf_learn_assistant_parent_class)->finalize (object);
}

static void
pf_learn_assistant_class_init (PfLearnAssistantClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_learn_assistant_dispose;
  G_OBJECT_CLASS (klass)->finalize = pf_learn_assistant_finalize;
}

static void
pf_learn_assistant_init (PfLearnAssistant *assistant)
{
  assistant->cancellable = g_cancellable_new ();
}

/**
 * pf_learn_assistant_new:
 * @application: whose window it is
 * @client: the helper's client
 *
 * Returns: (transfer none): the assistant, not shown yet
 */
GtkWidget *
pf_learn_assistant_new (GtkApplication *application, PfClient *client)
{
  PfLearnAssistant *assistant = g_object_new (PF_TYPE_LEARN_ASSISTANT, "application", application, NULL);
  GtkWidget *view, *done;

  assistant->client = g_object_ref (client);
  pf_widgets_set_up_window (GTK_WINDOW (assistant), _ ("Learn the sockets"), WIDTH, HEIGHT);
  done = pf_widgets_header_button (GTK_WINDOW (assistant), _ ("_Done"), GTK_PACK_END, FALSE);
  g_signal_connect_swapped (done, "clicked", G_CALLBACK (gtk_window_close), assistant);
  gtk_widget_show (done);
  view = pf_state_view_new (client, create_content (assistant));
  gtk_widget_show_all (view);
  g_signal_connect_object (view, "changed", G_CALLBACK (on_changed), assistant, G_CONNECT_SWAPPED);
  g_signal_connect_object (assistant->board, "socket-activated", G_CALLBACK (on_socket_activated), assistant,
                           G_CONNECT_SWAPPED);
  gtk_container_add (GTK_CONTAINER (assistant), view);
  return GTK_WIDGET (assistant);
}
