using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Register;

/// <summary>The content of a request to the registration endpoints, not checked yet.</summary>
internal static class RegistrationRequest
{
    /// <summary>The token of the Authorization header (RFC 6750 §2.1), or null when there is no such header.</summary>
    public static string? BearerOf(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0)
            return null;
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? header[scheme.Length..].Trim()
            : throw RegistrationError.InvalidToken("The Authorization header must have a Bearer token");
    }

    /// <summary>RFC 7591 §3.1: a JSON body; 415 for another media type, 413 beyond <see cref="Parameters.MaxLength"/> bytes.</summary>
    /// <exception cref="OAuthException">It cannot be read, or has a software statement.</exception>
    public static async Task<ClientMetadata> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
            throw new OAuthException("invalid_request", "The body must be application/json", StatusCodes.Status415UnsupportedMediaType);
        // One byte more than allowed shows that the body is too large, whatever Content-Length says.
        var buffer = new byte[Parameters.MaxLength + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (length > Parameters.MaxLength)
            throw new OAuthException("invalid_request", "The request is too large", StatusCodes.Status413PayloadTooLarge);
        var metadata = ClientMetadata.Parse(buffer.AsMemory(0, length));
        return metadata.Has("software_statement") ? throw RegistrationError.InvalidSoftwareStatement() : metadata;
    }
}
