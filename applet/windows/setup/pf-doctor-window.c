/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-doctor-window.h"

#include <glib/gi18n.h>

#include "pf-doctor-ask.h"
#include "pf-doctor-report.h"
#include "pf-doctor.h"
#include "pf-widgets.h"

#define WIDTH 720
#define HEIGHT 640
#define ROOT "/"
#define FILE_NAME "portferry-report.board"

struct _PfDoctorWindow
{
  GtkApplicationWindow parent;
  PfClient *client; /* (nullable): NULL once the window is gone */
  GtkWidget *bar;
  GtkWidget *list;
  GtkWidget *again;
  GtkWidget *report;
  GtkSizeGroup *marks;           /* all as wide as the widest */
  GtkFileChooserNative *chooser; /* (nullable): a question under way */
  PfDoctorFacts *facts;          /* (nullable): of the last look */
  GPtrArray *findings;           /* (nullable) */
};

G_DEFINE_TYPE (PfDoctorWindow, pf_doctor_window, GTK_TYPE_APPLICATION_WINDOW)

/* --- One finding --- */

static const char *
get_icon (PfDoctorState state)
{
  static const char *const icons[] = {
    [PF_DOCTOR_OK] = "org.portferry.Portferry-ok-symbolic",
    [PF_DOCTOR_HINT] = "dialog-information-symbolic",
    [PF_DOCTOR_WARNING] = "dialog-warning-symbolic",
    [PF_DOCTOR_PROBLEM] = "dialog-error-symbolic",
  };

  return icons[state];
}

/* Symbol and word, so that colour is never needed. */
static GtkWidget *
create_mark (PfDoctorWindow *window, PfDoctorState state)
{
  GtkWidget *mark = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *word
      = pf_widgets_label (pf_doctor_state_get_word (state), state > PF_DOCTOR_OK ? "pf-title" : NULL);

  gtk_label_set_ellipsize (GTK_LABEL (word), PANGO_ELLIPSIZE_NONE);
  gtk_size_group_add_widget (window->marks, mark);
  gtk_container_add (GTK_CONTAINER (mark),
                     gtk_image_new_from_icon_name (get_icon (state), GTK_ICON_SIZE_MENU));
  gtk_container_add (GTK_CONTAINER (mark), word);
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  return mark;
}

/* What one may want to copy: it names parameters, files and packages. */
static GtkWidget *
create_advice (const char *advice)
{
  g_autofree char *text = g_strdup_printf (_ ("→ %s"), advice);
  GtkWidget *label = pf_widgets_paragraph (text);

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  return label;
}

static GtkWidget *
create_row (PfDoctorWindow *window, const PfDoctorFinding *finding)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *what = pf_widgets_paragraph (finding->what);
  g_autofree char *name
      = g_strdup_printf ("%s: %s %s %s", pf_doctor_state_get_word (finding->state), finding->what,
                         finding->meaning, finding->advice != NULL ? finding->advice : "");

  pf_widgets_set_class (what, "pf-title", TRUE);
  g_object_set (box, "margin", 12, NULL);
  gtk_container_add (GTK_CONTAINER (words), what);
  gtk_container_add (GTK_CONTAINER (words), pf_widgets_paragraph (finding->meaning));
  if (finding->advice != NULL)
    gtk_container_add (GTK_CONTAINER (words), create_advice (finding->advice));
  gtk_container_add (GTK_CONTAINER (box), create_mark (window, finding->state));
  gtk_box_pack_start (GTK_BOX (box), words, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  pf_widgets_name (row, g_strchomp (name));
  gtk_widget_show_all (row);
  return row;
}

static void
add_separator (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  if (before != NULL && gtk_list_box_row_get_header (row) == NULL)
    gtk_list_box_row_set_header (row, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
}

/* --- Looking --- */

static void
set_subtitle (PfDoctorWindow *window, const char *text)
{
  gtk_header_bar_set_subtitle (GTK_HEADER_BAR (gtk_window_get_titlebar (GTK_WINDOW (window))), text);
}

static guint
count (GPtrArray *findings, PfDoctorState state)
{
  guint n = 0;

  for (guint i = 0; i < findings->len; i++)
    n += ((PfDoctorFinding *) g_ptr_array_index (findings, i))->state == state ? 1 : 0;
  return n;
}

static void
show_sum (PfDoctorWindow *window)
{
  guint problems = count (window->findings, PF_DOCTOR_PROBLEM);
  guint warnings = count (window->findings, PF_DOCTOR_WARNING);
  g_autofree char *some = NULL;
  g_autofree char *more = NULL;
  g_autofree char *text = NULL;

  if (problems + warnings == 0)
    {
      set_subtitle (window, _ ("Nothing stands in the way"));
      return;
    }
  some = g_strdup_printf (ngettext ("%u problem", "%u problems", problems), problems);
  more = g_strdup_printf (ngettext ("%u warning", "%u warnings", warnings), warnings);
  text = g_strdup_printf ("%s, %s", some, more);
  set_subtitle (window, text);
}

/* The worst first; else in the order of the checks. */
static void
show_findings (PfDoctorWindow *window)
{
  pf_widgets_clear (GTK_CONTAINER (window->list));
  for (int state = PF_DOCTOR_PROBLEM; state >= PF_DOCTOR_OK; state--)
    for (guint i = 0; i < window->findings->len; i++)
      {
        const PfDoctorFinding *finding = g_ptr_array_index (window->findings, i);

        if ((int) finding->state == state)
          gtk_container_add (GTK_CONTAINER (window->list), create_row (window, finding));
      }
  show_sum (window);
}

static void
forget (PfDoctorWindow *window)
{
  g_clear_pointer (&window->facts, pf_doctor_facts_free);
  g_clear_pointer (&window->findings, g_ptr_array_unref);
}

static void
on_asked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfDoctorWindow) window = user_data;
  g_autoptr (PfDoctorFacts) facts = pf_doctor_ask_finish (PF_CLIENT (source), result, NULL);

  if (window->client == NULL)
    return;
  forget (window);
  window->facts = g_steal_pointer (&facts);
  window->findings = pf_doctor_examine (window->facts);
  gtk_widget_set_sensitive (window->again, TRUE);
  gtk_widget_set_sensitive (window->report, TRUE);
  show_findings (window);
}

static void
look (PfDoctorWindow *window)
{
  gtk_widget_set_sensitive (window->again, FALSE);
  gtk_widget_set_sensitive (window->report, FALSE);
  set_subtitle (window, _ ("Looking at the machine…"));
  pf_doctor_ask_async (window->client, on_asked, g_object_ref (window));
}

/* --- The report --- */

static void
on_file_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfDoctorWindow) window = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_parse_name (G_FILE (source));
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    text = g_strdup_printf (
        _ ("Written to %s. Serial numbers, MAC addresses, host and user names have been left out; "
           "look at it before you send it."),
        name);
  else
    text = g_strdup_printf (_ ("The report could not be written: %s"), error->message);
  if (window->client != NULL)
    pf_widgets_show_message (GTK_INFO_BAR (window->bar), text);
}

static void
write_report (PfDoctorWindow *window, GFile *file)
{
  char *text = pf_doctor_report_build (ROOT, window->facts, window->findings);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL, on_file_written,
                                       g_object_ref (window));
}

static void
on_report_chosen (GtkNativeDialog *dialog, int response, PfDoctorWindow *window)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&window->chooser);
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && window->facts != NULL)
    write_report (window, file);
}

static void
on_report_clicked (PfDoctorWindow *window)
{
  g_clear_object (&window->chooser);
  window->chooser = gtk_file_chooser_native_new (_ ("Write a report"), GTK_WINDOW (window),
                                                 GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Write"), _ ("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (window->chooser), FILE_NAME);
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (window->chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (window->chooser), TRUE);
  g_signal_connect_object (window->chooser, "response", G_CALLBACK (on_report_chosen), window, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (window->chooser));
}

/* --- The window --- */

static void
pf_doctor_window_dispose (GObject *object)
{
  PfDoctorWindow *window = PF_DOCTOR_WINDOW (object);

  g_clear_object (&window->client);
  g_clear_object (&window->marks);
  g_clear_object (&window->chooser);
  forget (window);
  G_OBJECT_CLASS (pf_doctor_window_parent_class)->dispose (object);
}

static void
pf_doctor_window_class_init (PfDoctorWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pf_doctor_window_dispose;
}

static void
pf_doctor_window_init (PfDoctorWindow *window)
{
  window->marks = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
}

static void
fill (PfDoctorWindow *window)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  window->again = pf_widgets_header_button (GTK_WINDOW (window), _ ("Look _again"), GTK_PACK_START, FALSE);
  window->report
      = pf_widgets_header_button (GTK_WINDOW (window), _ ("Write a _report…"), GTK_PACK_END, FALSE);
  g_signal_connect_object (window->again, "clicked", G_CALLBACK (look), window, G_CONNECT_SWAPPED);
  g_signal_connect_object (window->report, "clicked", G_CALLBACK (on_report_clicked), window,
                           G_CONNECT_SWAPPED);
  window->bar = pf_widgets_info_bar ();
  window->list = gtk_list_box_new ();
  gtk_list_box_set_header_func (GTK_LIST_BOX (window->list), add_separator, NULL, NULL);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (window->list), GTK_SELECTION_NONE);
  pf_widgets_name (window->list, _ ("What was found"));
  gtk_container_add (GTK_CONTAINER (content), window->bar);
  gtk_container_add (GTK_CONTAINER (content), pf_widgets_scroll (window->list));
  gtk_container_add (GTK_CONTAINER (window), content);
  gtk_widget_show_all (content);
  gtk_widget_show_all (gtk_window_get_titlebar (GTK_WINDOW (window)));
}

/**
 * pf_doctor_window_new:
 * @application: whose window it is
 * @client: the helper's client
 *
 * Returns: (transfer none): the window, not shown yet; the machine is being looked at
 */
GtkWidget *
pf_doctor_window_new (GtkApplication *application, PfClient *client)
{
  PfDoctorWindow *window = g_object_new (PF_TYPE_DOCTOR_WINDOW, "application", application, NULL);

  window->client = g_object_ref (client);
  pf_widgets_set_up_window (GTK_WINDOW (window), _ ("Doctor"), WIDTH, HEIGHT);
  fill (window);
  look (window);
  return GTK_WIDGET (window);
}
