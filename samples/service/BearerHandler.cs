using System.Net.Http.Headers;

namespace Service;

// <handler>
/// <summary>Gives each request of an <see cref="HttpClient"/> a token.</summary>
internal sealed class BearerHandler(ServiceTokens tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
// </handler>
