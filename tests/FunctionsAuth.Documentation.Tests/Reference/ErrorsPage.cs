namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>All error codes and texts.</summary>
internal static class ErrorsPage
{
    public static string Write()
    {
        var page = new Page("Reference: errors", """
            This page lists the errors that the server can answer. [Troubleshoot](../troubleshoot.md) says what causes them and what to do.
            Names in braces stand for a value that is known only when the error occurs.
            """)
            .Heading("Errors of OAuth and OpenID Connect")
            .Paragraph("The server answers them as `error` and `error_description`: in JSON, in a redirect to the client, or in the `WWW-Authenticate` header.");
        foreach (var code in ErrorTexts.OfOAuth.GroupBy(error => error.Code))
        {
            page.Heading($"`{code.Key}`", level: 3);
            page.Table(["text", "source"], code.GroupBy(error => error.Text).Select(Row));
        }
        return page
            .Heading("Errors of the management API")
            .Paragraph("The server answers them as problem details (RFC 9457): the code is the last part of `type`, and the text is `detail`. A text about one member of the body is in `errors`.")
            .Table(["code", "text"], ErrorTexts.OfApi.Select(error => (error.Code, error.Text)).Distinct().Select(error => (string[])[$"`{error.Code}`", error.Text]))
            .Heading("Errors of settings")
            .Paragraph("The server does not start, and writes these to its log and to stderr. `must be between` and the like name the allowed values of [the settings](settings.md).")
            .Table(["text"], ErrorTexts.OfSettings.Select(text => (string[])[text]))
            .ToString();
    }

    private static string[] Row(IGrouping<string, ErrorText> text) =>
        [text.Key, string.Join(", ", text.Select(error => $"[{Path.GetFileNameWithoutExtension(error.File)}](../../{error.File})").Distinct())];
}
