using System.Security.Claims;
using System.Text.Encodings.Web;

namespace WebApp;

/// <summary>The pages, without a framework for pages.</summary>
internal static class Pages
{
    public static IResult Start() => Html("""<p><a href="/sign-in">Sign in</a></p>""");

    public static IResult Home(ClaimsPrincipal user)
    {
        var roles = string.Join(", ", user.FindAll("roles").Select(role => role.Value));
        return Html($"""
            <p>Hello, {Encode(user.Identity!.Name)}. Your roles: {Encode(roles)}.</p>
            <p><a href="/orders">Your orders, by the API</a> · <a href="/staff">For staff</a></p>
            <form method="post" action="/sign-out"><button>Sign out</button></form>
            """);
    }

    public static IResult Text(string text, int status = StatusCodes.Status200OK) => Html($"""<p>{Encode(text)}</p><p><a href="/">Back</a></p>""", status);

    private static IResult Html(string body, int status = StatusCodes.Status200OK) =>
        Results.Content($"""<!doctype html><html lang="en"><title>Sample web app</title><body>{body}</body></html>""", "text/html; charset=utf-8", statusCode: status);

    private static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
