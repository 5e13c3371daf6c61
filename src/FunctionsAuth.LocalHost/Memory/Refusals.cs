using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>What Table Storage refuses, with its statuses and error codes.</summary>
internal static class Refusals
{
    public static RequestFailedException TableNotFound() => Of(404, "TableNotFound", "The table specified does not exist.");

    public static RequestFailedException TableAlreadyExists() => Of(409, "TableAlreadyExists", "The table specified already exists.");

    public static RequestFailedException EntityAlreadyExists() => Of(409, "EntityAlreadyExists", "The specified entity already exists.");

    public static RequestFailedException EntityNotFound() => Of(404, "ResourceNotFound", "The specified resource does not exist.");

    public static RequestFailedException ConditionNotMet() =>
        Of(412, "UpdateConditionNotSatisfied", "The update condition specified in the request was not satisfied.");

    public static RequestFailedException BadInput(string code, string message) => Of(400, code, message);

    public static RequestFailedException TransactionTooLarge() =>
        Of(413, "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit.");

    /// <summary>The whole transaction is refused because of the action at <paramref name="index"/>.</summary>
    public static TableTransactionFailedException Transaction(RequestFailedException because, int index)
    {
        var text = index.ToString(CultureInfo.InvariantCulture);
        var failure = new RequestFailedException(because.Status, $"{text}:{because.Message}", because.ErrorCode, because);
        // The SDK's exception takes the index from here.
        failure.Data["FailedEntity"] = text;
        return new TableTransactionFailedException(failure);
    }

    private static RequestFailedException Of(int status, string code, string message) => new(status, message, code, null);
}
