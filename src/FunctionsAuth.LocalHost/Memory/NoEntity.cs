using Azure;
using FunctionsAuth.Azure.Local;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>A read that found nothing.</summary>
internal sealed class NoEntity<T> : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException("There is no such entity: ask HasValue first.");

    public override Response GetRawResponse() => new LocalResponse(404);
}
