using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>Stores requests while a person is asked, and finds them again for the same browser only.</summary>
public sealed class RequestParking(
    IRequestStore store, AuthorizationRequestReader reader, PushedRequests pushed, BrowserCookies cookies, ServerOptions options, TimeProvider clock)
{
    // Of a button that is pressed twice, the browser shows the second answer: that must be as good as the first. Who can
    // press it could as well start again.
    private static readonly TimeSpan PressedTwice = TimeSpan.FromSeconds(10);

    /// <summary>Stores a request for this browser.</summary>
    public Task<ParkedRequest> ParkAsync(HttpContext http, AuthorizationRequest request, CancellationToken cancellation) =>
        ParkAsync(request, SecretHash.Of(cookies.EnsureBrowser(http)), cancellation);

    /// <summary>
    /// Stores a request that came without our cookies, which does not mean that the browser has none: giving it new ones now
    /// would end what it has under way in other tabs.
    /// </summary>
    public Task<ParkedRequest> ParkUnclaimedAsync(AuthorizationRequest request, CancellationToken cancellation) => ParkAsync(request, null, cancellation);

    /// <summary>
    /// The request that a page is about, read again from its parameters: the client may have changed meanwhile.
    /// </summary>
    /// <exception cref="OAuthException">It has expired, was completed, or is another browser's.</exception>
    public async Task<(ParkedRequest Parked, AuthorizationRequest Request, byte[] Browser)> FindAsync(HttpContext http, string? id, CancellationToken cancellation)
    {
        var parked = RecordAddress.TryParse(id, out var address) ? await store.FindAsync(address, cancellation) : null;
        if (parked is null || IsOver(parked))
            throw Gone();
        // Only a GET brings our cookies along from wherever it comes: else any site could make a browser claim with a new one.
        if (parked.BrowserHash is null && !HttpMethods.IsGet(http.Request.Method))
            throw Gone();
        var browser = parked.BrowserHash is null ? cookies.EnsureBrowser(http) : cookies.Browser(http);
        if (parked.BrowserHash is null)
            parked = await ClaimAsync(parked, browser!, cancellation);
        if (browser is null || !SecretHash.Matches(browser, parked.BrowserHash))
            throw Gone();
        var request = await reader.ReadAsync(Parameters.Parse(parked.Encoded), cancellation);
        return (parked, request with { Pushed = parked.Pushed }, browser);
    }

    private async Task<ParkedRequest> ParkAsync(AuthorizationRequest request, byte[]? browserHash, CancellationToken cancellation)
    {
        var expiresAt = clock.GetUtcNow() + options.Lifetimes.Interaction;
        var parked = new ParkedRequest
        {
            Address = RecordAddress.New(expiresAt),
            BrowserHash = browserHash,
            Encoded = request.Encoded,
            Pushed = request.Pushed,
            ExpiresAt = expiresAt,
        };
        await store.InsertAsync(parked, cancellation);
        return parked;
    }

    /// <returns>The request as it stands now: another browser may have been first.</returns>
    private async Task<ParkedRequest> ClaimAsync(ParkedRequest parked, byte[] browser, CancellationToken cancellation) =>
        (await store.TryReplaceAsync(parked with { BrowserHash = SecretHash.Of(browser) }, cancellation)).Current ?? throw Gone();

    /// <summary>Notes that the user signed in for this request.</summary>
    public Task<ParkedRequest> SignInAsync(ParkedRequest parked, Session session, CancellationToken cancellation) =>
        ChangeAsync(parked, current => current with { SignedInAs = session.Address }, cancellation);

    /// <summary>Gives the request up, as it is being answered.</summary>
    /// <exception cref="OAuthException">It was answered before.</exception>
    public async Task CompleteAsync(ParkedRequest parked, Client client, CancellationToken cancellation)
    {
        if (parked.Pushed is { } address)
            await CompletePushedAsync(address, client, cancellation);
        await ChangeAsync(parked, current => current with { CompletedAt = current.CompletedAt ?? clock.GetUtcNow() }, cancellation);
    }

    /// <summary>The same for a request that was pushed, which is answered once: not even a button pressed twice gets a second answer.</summary>
    public Task CompletePushedAsync(RecordAddress address, Client client, CancellationToken cancellation) => pushed.CompleteAsync(client, address, cancellation);

    /// <summary>Gives the request up for an error, which the caller throws.</summary>
    public async Task<OAuthException> RefuseAsync(ParkedRequest parked, AuthorizationRequest request, OAuthException error, CancellationToken cancellation)
    {
        await CompleteAsync(parked, request.Client, cancellation);
        return error.To(request.Target);
    }

    private async Task<ParkedRequest> ChangeAsync(ParkedRequest parked, Func<ParkedRequest, ParkedRequest> change, CancellationToken cancellation)
    {
        var changed = await CompareAndSwap.ChangeAsync(
            parked, current => ReferenceEquals(current, parked) || (current is not null && !IsOver(current)) ? change(current!) : throw Gone(), store.TryReplaceAsync, cancellation);
        return changed!;
    }

    private bool IsOver(ParkedRequest parked) => clock.GetUtcNow() is var now && (now >= parked.ExpiresAt || now >= parked.CompletedAt + PressedTwice);

    public static OAuthException Gone() =>
        new("invalid_request", "The request is unknown, has expired, was completed already, or began in another browser")
        {
            ForPerson = "This sign-in has expired or was completed already. Go back to the app and start again. If that does not help, allow cookies for this site.",
        };
}

/// <summary>How the URL of a page names the request that it is about.</summary>
public static class PageAddress
{
    public static string Of(ParkedRequest parked) => $"{PageFields.Request}={parked.Address}";
}
