using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>Reads the body of a call.</summary>
internal static class ApiBody
{
    private const int Piece = 64 * 1024;

    /// <exception cref="ApiProblem">The body is too large (413), of another media type (415), missing (400), or not expected (400).</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, Operation operation, CancellationToken cancellation)
    {
        var most = operation.Body is null ? 0 : operation.MostBytes;
        using var body = new MemoryStream();
        var buffer = new byte[Piece];
        int length;
        while ((length = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (body.Length + length > most)
            {
                throw most == 0
                    ? ApiProblem.Invalid("The operation does not accept a body")
                    : new ApiProblem(StatusCodes.Status413PayloadTooLarge, "content_too_large", $"The body can have at most {most} bytes");
            }
            body.Write(buffer, 0, length);
        }
        if (body.Length == 0)
            return operation.Body is null || operation.IsBodyOptional ? default(ReadOnlyMemory<byte>) : throw ApiProblem.Invalid("The operation requires a body");
        if (!IsOf(operation, request.ContentType))
            throw new ApiProblem(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"The body must be {operation.BodyType}");
        return body.ToArray();
    }

    private static bool IsOf(Operation operation, string? mediaType)
    {
        var plain = mediaType?.Split(';')[0].Trim();
        return string.Equals(plain, operation.BodyType, StringComparison.OrdinalIgnoreCase)
            // RFC 7396 defines the media type of a PATCH, but many tools send application/json.
            || (operation.Method == HttpMethods.Patch && string.Equals(plain, "application/merge-patch+json", StringComparison.OrdinalIgnoreCase));
    }
}
