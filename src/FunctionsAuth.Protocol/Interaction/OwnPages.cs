using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// The addresses of the server's own pages, and of the login that leads to them. The login goes through the authorization endpoint, with these pages
/// as the client (<see cref="OwnClients"/>).
/// </summary>
public sealed class OwnPages(ServerUrls urls)
{
    // This value is in no route and in no address of a request.
    private const char StateSeparator = '.';

    // No page has this name.
    private const string FirstPage = ".";

    public string Portal => urls.Of(Routes.Portal);

    /// <param name="route">The last part of the address of an account page.</param>
    public string Account(string route) => $"{urls.Of(Routes.Account)}/{route}";

    /// <summary>The user signs in and returns to the portal.</summary>
    public string SignInToPortal() => Authorize(Portal, []);

    /// <summary>The user signs in and returns to this account page.</summary>
    /// <param name="request">The parked request from which the user came; null without one.</param>
    public string SignIn(string route, string? request = null) => Authorize(urls.Of(Routes.Account), [new(Parameter.State, StateOf(route, request))]);

    /// <param name="page">The address below <c>manage/</c>; empty for the first management page.</param>
    public string Manage(string page) => page.Length == 0 ? urls.Of(Routes.Manage) : $"{urls.Of(Routes.Manage)}/{page}";

    /// <summary>The user signs in and returns to this management page.</summary>
    public string SignInToManage(string page) => Authorize(urls.Of(Routes.Manage), page.Length == 0 ? [] : [new(Parameter.State, page)]);

    /// <summary>The same, with a maximum age and a level for the login. A user who cannot reach the level is asked to set up a factor.</summary>
    public string SignInToManage(string page, string username, AuthenticationLevel level, TimeSpan notBefore) => Authorize(
        urls.Of(Routes.Manage),
        [
            // A little less, so that instances with different clocks do not send the user back and forth.
            new(Parameter.MaxAge, string.Create(null, $"{(int)(notBefore.TotalSeconds * 0.9)}")),
            // A login without a page in the state would end at its own start.
            new(Parameter.State, page.Length == 0 ? FirstPage : page),
            new(Parameter.LoginHint, username),
            // OpenID Connect Core §5.5.1.1: unlike acr_values, an essential request cannot be answered with a lower level.
            new(Parameter.Claims, $"{{\"id_token\":{{\"acr\":{{\"essential\":true,\"value\":\"{AuthenticationContexts.NameOf(level)}\"}}}}}}"),
        ]);

    /// <summary>Whether a <c>state</c> has the form of <see cref="SignInToManage(string)"/>: an address below <c>manage/</c> that does not lead out of it.</summary>
    public static bool IsPage(string? state) => state is { Length: > 0 } && state != FirstPage && state.Split('/').All(segment => segment is not ("" or "." or "..")) && state.All(c => char.IsAsciiLetterOrDigit(c) || "/~.:-_".Contains(c, StringComparison.Ordinal));

    /// <summary>The value that <see cref="SignIn"/> put into the <c>state</c>, as the end of the address of an account page.</summary>
    public static (string Route, string? Request) ReadState(string state)
    {
        var parts = state.Split(StateSeparator, 2);
        return (parts[0], parts.Length == 2 && RecordAddress.TryParse(parts[1], out var request) ? request.ToString() : null);
    }

    private static string StateOf(string route, string? request) => request is null ? route : route + StateSeparator + request;

    /// <summary>The same, with a recent login for an important change, at the highest level that the user can reach.</summary>
    public string SignInAgain(string route, string username, AuthenticationLevel level, string? request = null) => Authorize(
        urls.Of(Routes.Account),
        [
            new(Parameter.State, StateOf(route, request)),
            // A little less, so that instances with different clocks do not send the user back and forth.
            new(Parameter.MaxAge, string.Create(null, $"{(int)(AccountOptions.FreshLogin.TotalSeconds * 0.9)}")),
            new(Parameter.LoginHint, username),
            new(Parameter.AcrValues, AuthenticationContexts.NameOf(level)!),
        ]);

    private string Authorize(string returnTo, IEnumerable<KeyValuePair<string, string>> more) => Redirect.Append(urls.Of(Routes.Authorize), '?',
    [
        new(Parameter.ClientId, OwnClients.AccountId),
        new(Parameter.ResponseType, ResponseTypeNames.None),
        new(Parameter.RedirectUri, returnTo),
        new(Parameter.Scope, StandardScopes.OpenId),
        .. more,
    ]);
}
